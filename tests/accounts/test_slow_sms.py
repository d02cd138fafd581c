"""A gateway that is slow or away: an alarm for the operators, and a sentence for the driver."""

from datetime import timedelta

import pytest
import requests
from django.utils import timezone

from accounts.services import watch
from accounts.services.cases import propose_contact
from accounts.services.watch import SMS_IS_SLOW
from foundation.alarms import Alarm, raise_alarm
from foundation.outbox import OutboxRow
from tests.accounts.pages import begin, lands, open_link, prove
from tests.accounts.test_cases import HERS, NEW, make_case
from tests.factories import AT, PASSWORD, make_officer, make_sign_up, make_user

pytestmark = pytest.mark.django_db
SENTENCE = "SMS lambat sampai buat masa ini."
MINUTE = timedelta(minutes=1)


def logging_in(client):
    client.post("/log-masuk/", {"ic_number": make_user().ic_number})
    assert lands(client.post("/log-masuk/kata-laluan/", {"password": PASSWORD}), "/log-masuk/otp/")


def proving(client):
    client.force_login(make_user())
    client.get("/profil/telefon/")
    client.post("/profil/pengesahan/", {"password": PASSWORD})


def changing_phone(client):
    aminah = make_user()
    client.force_login(aminah)
    prove(client, aminah, "/profil/telefon/")
    assert lands(client.post("/profil/telefon/", {"phone": "019-876 5432"}), "/profil/telefon/otp/")


def recovering(client):
    """Before the case's day has passed: the link is made by hand."""
    aminah = make_user(ic_number=HERS)
    propose_contact(case=make_case(), **NEW, note="MyKad asal", by=make_officer(), at=AT)
    change = aminah.contact_changes.get()
    aminah.links.create(purpose="recover", contact_change=change, requested_at=AT)
    open_link(client, aminah, "recover")


# Every page that waits for a code by SMS, and who gets there.
PAGES = {
    "/daftar/otp/": begin,
    "/daftar/otp/hantar-semula/": begin,
    "/log-masuk/otp/": logging_in,
    "/log-masuk/otp/hantar-semula/": logging_in,
    "/profil/pengesahan/otp/": proving,
    "/profil/pengesahan/otp/hantar-semula/": proving,
    "/profil/telefon/otp/": changing_phone,
    "/profil/telefon/otp/hantar-semula/": changing_phone,
    "/akaun/pulih/otp/": recovering,
}


@pytest.mark.parametrize("path", PAGES)
def test_every_page_that_waits_for_an_sms_says_so(client, at, path):
    PAGES[path](client)
    assert SENTENCE not in client.get(path).text
    raise_alarm(SMS_IS_SLOW, "gateway", at=at)
    assert SENTENCE in client.get(path).text


@pytest.mark.parametrize("answer", [{"status": 503}, {"body": requests.ConnectTimeout()}])
def test_a_gateway_that_is_away_is_alarmed_and_the_driver_told(
    client, clock, work, gateway, settings, answer
):
    gateway.reset()
    gateway.add("POST", settings.SMS_URL, **answer)
    begin(client)
    for _driver in range(4):
        make_sign_up()
    work()
    watch.watch_codes(at=timezone.now())
    assert SENTENCE not in client.get("/daftar/otp/").text
    clock.shift(2 * MINUTE)
    work()
    watch.watch_codes(at=timezone.now())
    assert not OutboxRow.objects.exclude(sent_at=None).exists()
    assert Alarm.objects.get().kind == "sms_slow"
    assert SENTENCE in client.get("/daftar/otp/").text
