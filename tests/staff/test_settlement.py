"""The pages of the settlement file: brought by an officer, totals, what did not fit."""

import pytest
from django.contrib.auth.models import Permission
from django.core.files.uploadedfile import SimpleUploadedFile

from payments.models import PaymentCase, SettlementFile
from tests.factories import (
    make_contribution,
    make_officer,
    make_payment,
    make_registration,
    make_settlement_file,
    make_user,
    settlement_line,
)
from tests.staff.desk import freshly_seated, seated

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("clock")]
UPLOAD = "/staf/payments/settlementfile/muat-naik/"


@pytest.fixture
def paid():
    return make_payment(make_contribution(make_registration(make_user())), "succeeded")


def bring(client, raw):
    return client.post(UPLOAD, {"file": SimpleUploadedFile("hari.csv", raw)}, follow=True)


def test_a_file_is_read_and_its_totals_are_shown(client, paid):
    officer = seated(client)
    stranger = settlement_line(paid, number=1, order="X1", transaction="1", amount="20.00")
    answer = bring(client, make_settlement_file(settlement_line(paid), stranger))
    file = SettlementFile.objects.get()
    assert answer.redirect_chain == [(f"/staf/payments/settlementfile/{file.pk}/semak/", 302)]
    assert file.uploaded_by == officer
    text = answer.text
    for words in ["Fail dibaca", "RM33.10", "RM20.00", "RM13.10", "Bukan bayaran kami", "X1"]:
        assert words in text
    assert PaymentCase.objects.get().kind == "settlement"


def test_what_the_file_does_not_name_is_shown(client, paid):
    seated(client)
    assert paid.reference in bring(client, make_settlement_file()).text


def test_the_same_file_again_shows_the_same_page(client, paid):
    seated(client)
    raw = make_settlement_file(settlement_line(paid))
    pages = {bring(client, raw).redirect_chain[0][0] for _twice in range(2)}
    assert len(pages) == SettlementFile.objects.count() == 1


@pytest.mark.parametrize(
    ("raw", "words"),
    [
        (b"rosak", "tidak lengkap"),
        (make_settlement_file(seller="SE1"), "penjual lain"),
        (make_settlement_file().replace(b"T,0", b"T,1"), "Baris 2"),
        (b"", "kosong"),
    ],
)
def test_a_wrong_file_is_told(client, raw, words):
    seated(client)
    page = bring(client, raw)
    assert 'role="alert"' in page.text
    assert words in page.text
    assert not SettlementFile.objects.exists()


def test_no_file_is_told(client):
    seated(client)
    page = client.post(UPLOAD, {})
    assert page.context["form"].errors.as_data()["file"][0].code == "required"


def test_each_page_needs_its_permission(client, paid):
    seated(client)
    bring(client, make_settlement_file())
    review = f"/staf/payments/settlementfile/{SettlementFile.objects.get().pk}/semak/"
    officer = make_officer(is_superuser=False)
    seated(client, officer)
    for url, codename in [(UPLOAD, "add_settlementfile"), (review, "view_settlementfile")]:
        assert client.get(url).status_code == 403
        officer.user_permissions.add(Permission.objects.get(codename=codename))
        assert client.get(url).status_code == 200


DAY = "/staf/payments/settlementfile/hari/2026-11-22"


def test_a_days_page_leads_to_its_table(client, paid):
    freshly_seated(client)
    stranger = settlement_line(paid, number=1, order="X1", transaction="1", amount="20.00")
    bring(client, make_settlement_file(settlement_line(paid), stranger))
    page = client.get(f"{DAY}/").text
    for words in [paid.reference, "RM33.10", "RM20.00", "sebelum hari tamat"]:
        assert words in page
    table = client.get(f"{DAY}.csv")
    assert table["Content-Disposition"] == 'attachment; filename="penyelesaian-2026-11-22.csv"'
    assert f"{paid.reference}," in table.text
    assert "X1,1,20.00,,,,Tidak" in table.text


def test_several_cases_are_closed_for_one_reason(client, paid):
    officer = seated(client)
    lines = [settlement_line(paid, number=n, order=f"X{n}", transaction=str(n)) for n in (1, 2, 3)]
    bring(client, make_settlement_file(*lines))
    first, second, third = PaymentCase.objects.order_by("pk")
    typed = {"settle-cases": [first.pk, third.pk], "settle-reason": "Bayaran sistem lama"}
    answer = client.post(f"{DAY}/selesai/", typed, follow=True)
    assert "2 kes diselesaikan" in answer.text
    closed = PaymentCase.objects.filter(status="closed", closed_by=officer)
    assert set(closed) == {first, third}
    second.refresh_from_db()
    assert second.status == "open"


@pytest.mark.parametrize("typed", [{}, {"settle-cases": ["1"], "settle-reason": ""}])
def test_cases_are_closed_for_a_reason_only(client, paid, typed):
    seated(client)
    bring(client, make_settlement_file(settlement_line(paid, order="X1", transaction="1")))
    page = client.post(f"{DAY}/selesai/", typed)
    assert page.context["form"].errors
    assert PaymentCase.objects.get().status == "open"


@pytest.mark.parametrize("day", ["2026-13-01", "20261122", "x"])
def test_what_is_no_day_is_not_found(client, day):
    seated(client)
    assert client.get(f"/staf/payments/settlementfile/hari/{day}/").status_code == 404
