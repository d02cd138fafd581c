"""FPX's list of banks, kept and offered."""

from datetime import timedelta

import pytest
import requests
import responses
from django.conf import settings

from foundation.alarms import Alarm
from payments.models import Bank
from payments.services import banks
from tests.factories import make_banks, make_user
from tests.payments import fakes

BE = f"{settings.FPX_URL}RetrieveBankList"
pytestmark = pytest.mark.django_db


@pytest.fixture
def fpx():
    with responses.RequestsMock(assert_all_requests_are_fired=False) as mock:
        yield mock


def test_the_list_is_kept_with_our_names(fpx, at):
    fpx.post(BE, body=fakes.bank_list())
    banks.refresh_banks(at=at)
    assert list(Bank.objects.values_list("bank_id", "name", "is_online").order_by("bank_id")) == [
        ("MB2U0227", "Maybank2U", True),
        ("RHB0218", "RHB Bank", False),
        ("TEST0021", "SBI Bank A", True),
    ]
    sent = fakes.decode(fpx.calls[0].request.body)
    assert sent["fpx_msgType"] == "BE"


def test_a_newer_list_replaces_it(fpx, at):
    make_banks(at=at)
    fpx.post(BE, body=fakes.bank_list("RHB0218~A,BOCM01~B"))
    banks.refresh_banks(at=at + timedelta(minutes=3))
    assert dict(Bank.objects.values_list("bank_id", "is_online")) == {
        "RHB0218": True,
        "BOCM01": False,
    }


def test_an_unknown_bank_is_shown_by_its_id_and_alarmed(fpx, at):
    fpx.post(BE, body=fakes.bank_list("TEST0021~A,BARU01~A"))
    banks.refresh_banks(at=at)
    assert Bank.objects.get(bank_id="BARU01").name == "BARU01"
    assert Alarm.objects.get(kind="fpx_unknown_bank").key == "BARU01"


@pytest.mark.parametrize(
    "failure",
    [
        {"body": b"ERROR"},
        {"body": b""},
        {"body": requests.Timeout()},
        {"status": 500},
        {"body": fakes.encode({"fpx_msgType": "BC", "fpx_bankList": "TEST0021~B"})},
    ],
)
def test_when_fpx_cannot_tell_the_last_list_stays(fpx, at, failure):
    make_banks(at=at)
    fpx.post(BE, **failure)
    banks.refresh_banks(at=at + timedelta(minutes=3))
    assert Bank.objects.count() == 3
    assert not Alarm.objects.exists()
    banks.refresh_banks(at=at + timedelta(minutes=16))
    assert Alarm.objects.get().kind == "fpx_bank_list"


def test_a_list_of_another_model_or_exchange_or_of_nothing_is_none(fpx, at):
    make_banks(at=at)
    foreign = [fakes.bank_list(fpx_sellerExId=other) for other in ("EX99999999", "")]
    for body in [fakes.bank_list(fpx_msgToken="02"), fakes.bank_list(""), *foreign]:
        fpx.upsert("POST", BE, body=body)
        banks.refresh_banks(at=at)
        assert Bank.objects.count() == 3


def test_banks_are_offered_by_name_popular_ones_first_offline_ones_among_them(at):
    make_banks(at=at)
    Bank.objects.create(bank_id="AGRO01", name="AGRONet", is_online=True, listed_at=at)
    Bank.objects.create(bank_id="ABB0233", name="Affin Bank", is_online=True, listed_at=at)
    names = [bank.name for bank in banks.banks_on_offer(user=make_user(), at=at)]
    assert names == ["Maybank2U", "RHB Bank", "Affin Bank", "AGRONet", "SBI Bank A"]


def test_fpx_is_not_asked_while_there_is_a_list(fpx, at):
    make_banks(at=at)
    assert len(banks.banks_on_offer(user=make_user(), at=at + timedelta(hours=24))) == 3
    assert len(fpx.calls) == 0


@pytest.mark.parametrize("has_old_list", [True, False])
def test_without_a_list_fpx_is_asked_at_once(fpx, at, has_old_list):
    if has_old_list:
        make_banks(at=at - timedelta(hours=24, seconds=1))
    fpx.post(BE, body=fakes.bank_list("TEST0021~A"))
    assert [bank.name for bank in banks.banks_on_offer(user=make_user(), at=at)] == ["SBI Bank A"]
    assert fpx.calls[0].request.req_kwargs["timeout"] == settings.FPX_PAGE_TIMEOUT_SECONDS


@pytest.mark.parametrize("has_old_list", [True, False])
def test_without_a_list_and_without_fpx_there_is_no_choice(fpx, at, has_old_list):
    if has_old_list:
        make_banks(at=at - timedelta(days=2))
    fpx.post(BE, body=requests.ConnectionError())
    with pytest.raises(banks.NoBankList):
        banks.banks_on_offer(user=make_user(), at=at)


@pytest.mark.parametrize(
    ("bank_id", "name"),
    [
        ("BCBB0235", "CIMB Clicks"),
        ("MBSB001", "MBSB Bank"),
        ("LOAD001", "Load Bank"),
        ("MBBM2U2", "M2U Test"),
    ],
)
def test_a_bank_has_the_name_of_paynets_list(fpx, at, bank_id, name):
    fpx.post(BE, body=fakes.bank_list(f"{bank_id}~A"))
    banks.refresh_banks(at=at)
    assert Bank.objects.get().name == name
    assert not Alarm.objects.exists()
