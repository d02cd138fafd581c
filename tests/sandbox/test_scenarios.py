"""Every scenario, met by a payer who confirms."""

import time
from html import unescape

import pytest

from sandbox.fpx import messages
from sandbox.scenarios import SCENARIOS
from tests.reading import in_one_line
from tests.sandbox.world import until

DELAY = 0.4


def codes(answers):
    return [answer["fpx_debitAuthCode"] for answer in answers]


def test_the_page_offers_every_scenario(world):
    page = unescape(world.get("/senario/").text)
    for name, scenario in SCENARIOS.items():
        assert f'value="{name}"' in page
        assert scenario.english in page


def test_a_scenario_stays_until_it_is_changed(world):
    world.choose("neither", 7)
    page = world.get("/senario/").text
    assert 'value="neither" checked' in page
    assert 'name="seconds" id="seconds" value="7"' in in_one_line(page)


@pytest.mark.parametrize(
    "choice",
    [{"name": "nonsense"}, {}, {"name": "normal", "seconds": "x"}]
    + [{"name": "normal", "seconds": seconds} for seconds in ["-1", "nan", "1e9"]],
)
def test_a_wrong_choice_changes_nothing(world, choice):
    answer = world.post("/senario/", choice)
    assert answer.status_code == 400
    assert 'role="alert"' in answer.text
    assert 'value="normal" checked' in world.get("/senario/").text


def test_a_payment_keeps_the_scenario_in_which_it_began(world, portal):
    world.choose("insufficient_funds")
    page = world.log_in(world.request())
    world.choose("normal")
    world.session.post(page.url, timeout=10)
    assert codes(portal.direct) == ["51"]


@pytest.mark.parametrize(("name", "code"), [("cancelled", "1L"), ("insufficient_funds", "51")])
def test_the_bank_says_no(world, portal, name, code):
    world.choose(name)
    request = world.request()
    world.go_back(world.pay(request))
    assert codes(portal.direct) == codes(portal.indirect) == [code]
    assert world.enquired(request)["fpx_debitAuthCode"] == code


@pytest.mark.parametrize(
    ("name", "first", "last"),
    [
        ("pending_then_success", "09", "00"),
        ("pending_then_failed", "09", "51"),
        ("awaiting_approval", "99", "00"),
    ],
)
def test_the_bank_decides_later(world, portal, name, first, last):
    world.choose(name, DELAY)
    request = world.request()
    world.go_back(world.pay(request))
    assert codes(portal.direct) == codes(portal.indirect) == [first]
    assert world.enquired(request)["fpx_debitAuthCode"] == first
    until(lambda: codes(portal.direct) == [first, last])
    assert all(world.is_genuine(answer) for answer in portal.direct)
    assert world.enquired(request) == portal.direct[1]


def test_only_the_direct_message_comes(world, portal):
    world.choose("direct_only")
    page = world.pay(world.request())
    assert "Anda boleh menutup halaman ini" in page.text
    assert "data-goes-by-itself" not in page.text
    assert codes(portal.direct) == ["00"]


def test_only_the_browser_returns(world, portal):
    world.choose("indirect_only")
    world.go_back(world.pay(world.request()))
    assert (codes(portal.direct), codes(portal.indirect)) == ([], ["00"])


@pytest.mark.parametrize("name", ["neither", "enquiry_down"])
def test_no_message_comes(world, portal, name):
    world.choose(name)
    request = world.request()
    page = world.pay(request)
    assert "Anda boleh menutup halaman ini" in page.text
    world.choose("normal")
    assert world.enquired(request)["fpx_debitAuthCode"] == "00"
    assert portal.received == []


def test_the_browser_returns_first(world, portal):
    world.choose("indirect_first", DELAY)
    world.go_back(world.pay(world.request()))
    until(lambda: len(portal.received) == 2)
    (indirect,), (direct,) = portal.indirect, portal.direct
    assert portal.received[0][1] == indirect == direct


def test_each_message_comes_five_times(world, portal):
    world.choose("five_times")
    world.go_back(world.pay(world.request()))
    until(lambda: len(portal.received) == 10)
    assert len(portal.direct) == len(portal.indirect) == 5
    assert len({raw for _, _, raw in portal.received[:-1]}) == 1


def test_both_messages_come_late(world, portal):
    world.choose("delayed", DELAY)
    began = time.monotonic()
    page = world.pay(world.request())
    assert "Sila tunggu" in page.text
    assert page.headers["Refresh"] == "1"
    assert portal.received == []
    until(lambda: "data-goes-by-itself" in world.session.get(page.url, timeout=10).text)
    assert time.monotonic() - began >= DELAY
    world.go_back(world.session.get(page.url, timeout=10))
    until(lambda: portal.direct)
    assert codes(portal.direct) == codes(portal.indirect) == ["00"]


def test_fpx_states_another_amount(world, portal):
    world.choose("amount_changed")
    request = world.request()
    world.go_back(world.pay(request))
    for answer in [*portal.direct, *portal.indirect, world.enquired(request)]:
        assert world.is_genuine(answer)
        assert answer["fpx_txnAmount"] == "1.00"


@pytest.mark.parametrize("name", ["amount_tampered", "wrong_key"])
def test_a_message_is_not_genuine(world, portal, name):
    world.choose(name)
    request = world.request()
    portal.answers = ["CHECKSUM ERROR"]
    world.go_back(world.pay(request))
    for answer in [*portal.direct, *portal.indirect]:
        assert not world.is_genuine(answer)
    assert world.enquired(request)["fpx_txnAmount"] == "13.10"
    until(lambda: len(portal.direct) == 2)


def test_the_wrong_key_is_the_wrong_key(world, portal):
    world.choose("wrong_key")
    world.pay(world.request())
    assert messages.is_signed_by(portal.direct[0], world.keys.wrong.public_key())


def test_the_checksum_is_in_lower_case(world, portal):
    world.choose("lower_case_hex")
    world.go_back(world.pay(world.request()))
    (direct,) = portal.direct
    assert portal.indirect == [direct]
    assert direct["fpx_checkSum"] == direct["fpx_checkSum"].lower()
    assert world.is_genuine(direct)


def test_the_session_at_the_bank_ends(world, portal):
    world.choose("abandoned", DELAY)
    forgotten, hesitating = world.request(), world.request()
    world.arrive(forgotten)
    page = world.log_in(hesitating)
    until(lambda: sorted(codes(portal.direct)) == ["1A", "1J"])
    world.go_back(world.session.get(page.url, timeout=10))
    assert codes(portal.indirect) == ["1J"]
    assert world.enquired(forgotten)["fpx_debitAuthCode"] == "1A"


def test_the_request_is_lost(world):
    world.choose("request_lost")
    request = world.request()
    assert world.arrive(request).status_code == 503
    assert world.enquired(request)["fpx_debitAuthCode"] == "76"


def test_the_bank_list_is_down(world):
    world.choose("bank_list_down")
    assert world.post("/FPXMain/RetrieveBankList", {"a": "b"}).status_code == 503


def test_the_enquiry_is_down(world):
    world.choose("enquiry_down")
    assert world.enquire(world.request()).status_code == 503
