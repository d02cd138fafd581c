"""The end of cover as a file for the phone's calendar, from the page that says he is covered."""

from datetime import timedelta

import pytest
import time_machine
from django.urls import reverse

from receipts.services import correction
from tests.factories import AT, make_officer, make_receipt, make_registration

DASHBOARD = reverse("dashboard")


@pytest.fixture(autouse=True)
def clock():
    with time_machine.travel(AT + timedelta(days=1), tick=False) as clock:
        yield clock


def url_of(sector="taxi"):
    return reverse("receipts:end_of_cover", args=[sector])


def lines_of(answer):
    return answer.content.decode().replace("\r\n ", "").split("\r\n")


def line(answer, name):
    return next(line for line in lines_of(answer) if line.startswith(name))


def test_the_file_is_the_one_of_the_mail(signed_in, receipt):
    answer = signed_in.get(url_of())
    assert answer["Content-Type"] == "text/calendar; charset=utf-8"
    assert answer["Content-Disposition"] == 'attachment; filename="tamat.ics"'
    assert "DTSTART:20261222T020000Z" in lines_of(answer)
    assert line(answer, "UID:").startswith(f"UID:{receipt.calendar_uid}@")


def test_after_a_renewal_it_is_the_same_event_at_the_later_end(signed_in, registration, receipt):
    before = signed_in.get(url_of())
    make_receipt(registration, months=12, issued_at=receipt.issued_at + timedelta(days=20))
    after = signed_in.get(url_of())
    assert line(after, "DTSTART:") == "DTSTART:20271222T020000Z"
    assert line(after, "UID:") == line(before, "UID:")
    assert line(after, "SEQUENCE:") > line(before, "SEQUENCE:")


def test_a_correction_takes_the_place_of_the_void_one(signed_in, receipt, aminah, at):
    aminah.full_name = "Aminah binti Alias"
    aminah.save()
    correction.correct_receipt(receipt=receipt, by=make_officer(), at=at)
    assert "DTSTART:20261222T020000Z" in lines_of(signed_in.get(url_of()))


def test_each_sector_ends_by_itself(signed_in, aminah, receipt, at):
    bus = make_registration(aminah, "submitted", sector="bus")
    make_receipt(bus, months=12, issued_at=at)
    ends = {sector: line(signed_in.get(url_of(sector)), "DTSTART:") for sector in ("taxi", "bus")}
    assert ends == {"taxi": "DTSTART:20261222T020000Z", "bus": "DTSTART:20271122T020000Z"}


@pytest.mark.parametrize("sector", ["bus", "tiada"])
def test_where_he_never_was_covered_there_is_no_file(signed_in, receipt, sector):
    assert signed_in.get(url_of(sector)).status_code == 404


def test_it_is_ones_own(client, chandran, receipt):
    client.force_login(chandran)
    assert client.get(url_of()).status_code == 404
    client.logout()
    assert client.get(url_of()).status_code == 302


def test_it_speaks_its_owners_language(client, factories):
    boon = factories.make_user("Tan Boon Keat", language="en")
    make_receipt(make_registration(boon, "submitted"))
    client.force_login(boon)
    assert "SUMMARY:Your cover ends" in lines_of(client.get(url_of()))


def test_who_is_covered_finds_it_on_his_page(signed_in, receipt, clock):
    assert f'href="{url_of()}"' in signed_in.get(DASHBOARD).content.decode()
    clock.move_to(receipt.coverage_ends_at, tick=False)
    signed_in.force_login(receipt.user)
    assert url_of() not in signed_in.get(DASHBOARD).content.decode()


@pytest.mark.parametrize("months", [1, 12])
def test_it_asks_little(signed_in, registration, at, months, django_assert_max_num_queries):
    for month in range(months):
        make_receipt(registration, issued_at=at + timedelta(days=32 * (month - months)))
    with django_assert_max_num_queries(4):
        assert signed_in.get(url_of()).status_code == 200
