"""What was paid, what it covers, and what is owed."""

from datetime import timedelta

import pytest
from django.urls import reverse

from tests.factories import make_contribution, make_cover, make_registration, make_user

URL = reverse("contributions:history")


@pytest.fixture
def registration(aminah):
    return make_registration(aminah, "submitted")


def text_of(answer):
    return answer.text.replace("\N{NO-BREAK SPACE}", " ")


def test_history_shows_what_was_paid_and_covered(signed_in, registration, at):
    make_cover(registration, plan=2, months=12, issued_at=at)
    page = text_of(signed_in.get(URL))
    for words in ["Pelan 2, 12 bulan", "Teksi", "RM232.80", "Dibayar"]:
        assert words in page
    assert "22 Nov 2026, 10:00 pagi" in page
    assert "22 Nov 2027, 10:00 pagi" in page


def test_history_shows_what_is_owed_but_not_what_was_replaced(signed_in, registration, at):
    make_contribution(registration, plan=1)
    make_contribution(registration, plan=4)
    page = text_of(signed_in.get(URL))
    assert "Belum dibayar" in page
    assert "RM49.40" in page
    assert "RM13.10" not in page


def test_history_says_so_when_there_is_nothing(signed_in):
    assert "Belum ada caruman" in signed_in.get(URL).text


def test_history_is_ones_own(signed_in):
    make_cover(make_registration(make_user("Chandran a/l Raju"), "submitted"))
    assert "Belum ada caruman" in signed_in.get(URL).text


def test_history_is_closed(client, db):
    assert reverse("accounts:log_in") in client.get(URL)["Location"]


def test_history_takes_no_post(signed_in):
    assert signed_in.post(URL).status_code == 405


@pytest.mark.parametrize("months", [1, 50])
def test_history_asks_little(signed_in, registration, at, months, django_assert_max_num_queries):
    for month in range(months):
        make_cover(registration, issued_at=at + timedelta(days=32 * (month - months)))
    with django_assert_max_num_queries(6):
        page = signed_in.get(URL)
    assert len(page.content) < 20_000
