"""Recovery codes: ten, shown once, each good for one log-in."""

import re

import pytest
from django.test import Client
from django_otp.plugins.otp_static.models import StaticToken

from accounts.http.session import Facts
from accounts.services.recovery_codes import make_recovery_codes
from foundation.audit import AuditEvent
from tests.factories import make_officer
from tests.staff.desk import freshly_seated
from tests.staff.test_log_in import URL as LOG_IN
from tests.staff.test_log_in import digits, typed

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("clock")]
URL = "/staf/kod-pemulihan/"


@pytest.fixture
def rohani():
    return make_officer("Puan Rohani")


@pytest.fixture
def codes(rohani, at):
    return make_recovery_codes(officer=rohani, at=at)


def log_in(officer, code):
    """A new browser, and what the log-in answered it."""
    client = Client()
    return client, client.post(LOG_IN, typed(officer, otp_token=code))


def shown(page):
    return re.findall(r"<code>(\d{4} \d{4} \d{4})</code>", page.text)


def test_ten_are_made_and_shown_once(client, rohani):
    freshly_seated(client, rohani)
    assert "<strong>0</strong>" in client.get(URL).text
    codes = shown(client.post(URL))
    assert len(set(codes)) == 10
    page = client.get(URL)
    assert shown(page) == []
    assert "<strong>10</strong>" in page.text
    for code in codes:
        assert log_in(rohani, code)[1].status_code == 302


def test_the_database_holds_none_of_them(codes):
    kept = set(StaticToken.objects.values_list("token", flat=True))
    assert len(kept) == 10
    assert not kept & set(codes)


def test_a_code_is_good_once(rohani, codes):
    assert log_in(rohani, codes[0])[1].status_code == 302
    assert log_in(rohani, codes[0])[1].status_code == 200
    assert StaticToken.objects.count() == 9


def test_a_code_is_the_officers_own(codes, at):
    other = make_officer("Encik Selvam")
    make_recovery_codes(officer=other, at=at)
    assert log_in(other, codes[0])[1].status_code == 200


def test_new_codes_void_the_old(client, rohani, codes):
    freshly_seated(client, rohani)
    new = shown(client.post(URL))
    assert log_in(rohani, codes[0])[1].status_code == 200
    assert StaticToken.objects.count() == 10
    assert not {code.replace(" ", "") for code in new} & set(codes)


def test_making_them_needs_fresh_digits_which_a_code_is_not(rohani, codes):
    browser, _answer = log_in(rohani, codes[0])
    assert Facts(browser.session).totp_at is None
    assert browser.post(URL).headers["Location"].startswith("/staf/pengesahan/")
    assert StaticToken.objects.count() == 9


@pytest.mark.parametrize(("left", "is_warned"), [(10, False), (3, False), (2, True), (0, True)])
def test_whoever_has_few_is_warned_when_he_sits_down(rohani, codes, at, left, is_warned):
    kept = list(StaticToken.objects.values_list("pk", flat=True)[:left])
    StaticToken.objects.exclude(pk__in=kept).delete()
    browser, _answer = log_in(rohani, digits(rohani, at))
    assert ("Kod pemulihan anda hampir habis" in browser.get("/staf/").text) is is_warned


def test_each_making_and_use_is_an_event(rohani, codes):
    log_in(rohani, codes[0])
    log_in(rohani, codes[0])
    events = AuditEvent.objects.order_by("pk").values_list("action", "detail")
    assert list(events) == [
        ("recovery_codes_made", {}),
        ("officer_logged_in", {"way": "recovery_code"}),
        ("officer_log_in_refused", {}),
    ]
