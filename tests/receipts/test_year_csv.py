"""A year's receipts and periods as a table."""

import csv
from datetime import timedelta
from io import StringIO

import pytest
from django.urls import reverse

from receipts.services import correction
from tests.factories import make_officer, make_receipt
from tests.reading import in_one_line

RECEIPTS = reverse("receipts:receipts")


def url_of(year):
    return reverse("receipts:year_csv", args=[year])


def table(response):
    text = response.content.decode("utf-8-sig")
    return list(csv.DictReader(StringIO(text)))


def grouped(number):
    """As on a bank card: spreadsheets would round so long a number."""
    assert len(number) == 16
    return " ".join(number[start : start + 4] for start in range(0, 16, 4))


def test_a_row_is_a_receipt_and_its_period(signed_in, receipt):
    response = signed_in.get(url_of(2026))
    assert response["Content-Type"] == "text/csv; charset=utf-8"
    assert 'filename="caruman-2026.csv"' in response["Content-Disposition"]
    (row,) = table(response)
    assert row == {
        "No. resit": receipt.number,
        "Tarikh dan masa bayaran": "2026-11-22 10:00:00",
        "Perkhidmatan": "Teksi",
        "Pelan": "1",
        "Bulan": "1",
        "Amaun": "RM13.10",
        "Dilindungi dari": "2026-11-22 10:00:00",
        "Dilindungi hingga": "2026-12-22 10:00:00",
        "Bank": "SBI BANK A",
        "ID transaksi FPX": grouped(receipt.fpx_transaction_id),
        "No. rujukan": receipt.payment_reference,
        "Status": "Dibayar",
    }


def test_years_are_malaysias(signed_in, registration, at):
    last = make_receipt(registration, issued_at=at.replace(month=12, day=31, hour=23, minute=59))
    first = make_receipt(registration, issued_at=last.issued_at + timedelta(minutes=2))
    assert [row["No. resit"] for row in table(signed_in.get(url_of(2026)))] == [last.number]
    assert [row["No. resit"] for row in table(signed_in.get(url_of(2027)))] == [first.number]


def test_no_cell_is_a_formula(signed_in, registration):
    make_receipt(registration, bank_name="=HYPERLINK(1)")
    assert table(signed_in.get(url_of(2026)))[0]["Bank"] == "'=HYPERLINK(1)"


def test_a_void_receipt_says_so(signed_in, receipt, aminah, at):
    aminah.full_name = "Aminah binti Alias"
    aminah.save()
    correction.correct_receipt(receipt=receipt, by=make_officer(), at=at)
    states = {row["No. resit"]: row["Status"] for row in table(signed_in.get(url_of(2026)))}
    assert states.pop(receipt.number) == "Tidak lagi sah"
    assert list(states.values()) == ["Dibayar"]


@pytest.mark.parametrize("year", [1, 1999, 9999])
def test_a_year_without_receipts_is_empty(signed_in, receipt, year):
    assert table(signed_in.get(url_of(year))) == []


def test_the_table_is_his_alone(client, chandran, receipt):
    client.force_login(chandran)
    assert table(client.get(url_of(2026))) == []


def test_the_table_speaks_english(signed_in, receipt):
    (row,) = table(signed_in.get("/en" + url_of(2026)))
    assert row["Receipt no."] == receipt.number


@pytest.mark.parametrize("months", [1, 50])
def test_the_table_asks_little(signed_in, registration, at, months, django_assert_max_num_queries):
    for month in range(months):
        make_receipt(registration, issued_at=at + timedelta(days=32 * (month - months)))
    with django_assert_max_num_queries(4):
        signed_in.get(url_of(2026))


# --- on the page ---------------------------------------------------------------------------
def test_the_page_sums_each_year(signed_in, registration, receipt, at):
    make_receipt(registration, plan=2, months=12, issued_at=at.replace(year=2027))
    page = in_one_line(signed_in.get(RECEIPTS).text)
    assert page.index("2027</strong>: 1 resit, RM232.80") < page.index(
        "2026</strong>: 1 resit, RM13.10"
    )
    assert url_of(2026) in page


def test_a_void_receipt_is_not_paid_twice(signed_in, receipt, aminah, at):
    aminah.full_name = "Aminah binti Alias"
    aminah.save()
    correction.correct_receipt(receipt=receipt, by=make_officer(), at=at)
    assert "2026</strong>: 1 resit, RM13.10" in in_one_line(signed_in.get(RECEIPTS).text)
