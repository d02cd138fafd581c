"""Fresh digits of the authenticator before what they are asked for."""

from datetime import timedelta

import pytest
from django.http import HttpResponse
from django.test import RequestFactory

from accounts.http.guards import fresh_totp_required
from accounts.http.session import facts
from foundation.audit import AuditEvent
from payments.models import PaymentCase
from tests.accounts.pages import errors
from tests.factories import (
    AT,
    make_contribution,
    make_officer,
    make_payment,
    make_refund,
    make_registration,
    make_user,
)
from tests.staff.desk import seated
from tests.staff.test_log_in import PASSWORD, digits, typed
from tests.staff.test_log_in import URL as LOG_IN

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("clock")]
URL = "/staf/pengesahan/?next=/staf/foundation/alarm/"


@pytest.fixture
def rohani(client):
    """Sits at the desk; her last digits were typed long ago."""
    return seated(client, make_officer("Puan Rohani"))


def wrong(officer, at):
    return f"{(int(digits(officer, at)) + 1) % 1_000_000:06d}"


def ask(session, method="get", path="/staf/rahsia/", **headers):
    """What a view behind the decorator answers in this session."""
    request = getattr(RequestFactory(), method)(path, headers=headers)
    request.session = session
    return fresh_totp_required(lambda request: HttpResponse("rahsia"))(request)


def test_without_fresh_digits_the_page_comes_first():
    answer = ask({}, path="/staf/rahsia/?nombor=1")
    assert answer.headers["Location"] == "/staf/pengesahan/?next=%2Fstaf%2Frahsia%2F%3Fnombor%3D1"


@pytest.mark.parametrize(
    ("seconds", "is_fresh"), [(0, True), (300, True), (301, False), (-1, False)]
)
def test_digits_are_fresh_for_five_minutes(clock, at, seconds, is_fresh):
    request = RequestFactory().get("/")
    request.session = {}
    facts(request).totp_at = at
    clock.shift(timedelta(seconds=seconds))
    assert (ask(request.session).status_code == 200) is is_fresh


@pytest.mark.parametrize(
    ("came_from", "back"),
    [
        ("http://testserver/staf/bayaran/?q=1", "%2Fstaf%2Fbayaran%2F%3Fq%3D1"),
        ("http://testserver/staf/", "%2Fstaf%2F"),
        ("https://jahat.example/staf/", "%2Fstaf%2F"),
        ("", "%2Fstaf%2F"),
    ],
)
def test_a_form_comes_back_to_its_own_page(came_from, back):
    answer = ask({}, "post", referer=came_from)
    assert answer.headers["Location"] == f"/staf/pengesahan/?next={back}"


def test_right_digits_lead_back_and_are_an_event(client, rohani, at):
    answer = client.post(URL, {"token": digits(rohani, at)})
    assert answer.headers["Location"] == "/staf/foundation/alarm/"
    assert ask(client.session).status_code == 200
    event = AuditEvent.objects.get()
    assert (event.action, event.by, event.at) == ("totp_confirmed", rohani, at)


def test_the_same_digits_are_not_taken_twice(client, rohani, at):
    client.post(URL, {"token": digits(rohani, at)})
    page = client.post(URL, {"token": digits(rohani, at)})
    assert errors(page, "token") == [
        "Kod pengesah tidak betul. Masukkan kod terkini pada aplikasi pengesah"
    ]


def test_digits_of_the_log_in_are_fresh_but_used_up(client, at):
    officer = make_officer()
    client.post(LOG_IN, typed(officer, password=PASSWORD, otp_token=digits(officer, at)))
    assert ask(client.session).status_code == 200
    assert client.post(URL, {"token": digits(officer, at)}).status_code == 200


def test_after_wrong_digits_he_waits(client, rohani, clock, at):
    client.post(URL, {"token": wrong(rohani, at)})
    page = client.post(URL, {"token": digits(rohani, at)})
    assert errors(page, "token") == [
        "Terlalu banyak kod pengesah yang salah. Tunggu sebentar, kemudian cuba lagi"
    ]
    clock.shift(timedelta(seconds=2))
    assert client.post(URL, {"token": digits(rohani, at)}).status_code == 302
    actions = list(AuditEvent.objects.order_by("pk").values_list("action", flat=True))
    assert actions == ["totp_refused", "totp_refused", "totp_confirmed"]


def test_wrong_digits_open_nothing(client, rohani, at):
    assert client.post(URL, {"token": wrong(rohani, at)}).status_code == 200
    assert ask(client.session).status_code == 302


def test_it_leads_to_no_other_site(client, rohani, at):
    answer = client.post("/staf/pengesahan/?next=//jahat.example/", {"token": digits(rohani, at)})
    assert answer.headers["Location"] == "/staf/"


def test_a_stranger_is_asked_to_log_in(client):
    assert client.get(URL).headers["Location"].startswith("/staf/login/")


# --- what was pressed before the digits --------------------------------------------------------
def test_what_was_pressed_is_asked_for_again_in_words(client, rohani, at):
    back = "/staf/payments/paymentcase/"
    asked = client.post(
        f"/staf/payments/refund/{make_refund_of_another().pk}/lulus/",
        headers={"referer": f"http://testserver{back}"},
    )
    assert "Belum ada apa-apa dilakukan" in client.get(asked.url).text
    answer = client.post(asked.url, {"token": digits(rohani, at)}, follow=True)
    assert answer.redirect_chain == [(back, 302)]
    assert "perbuatan anda belum dilakukan. Tekan butangnya sekali lagi" in answer.text
    assert "belum dilakukan" not in client.get(back).text


def test_what_was_typed_stands_on_the_page_after_the_digits(client, rohani, at):
    person = make_user()
    page = f"/staf/accounts/user/{person.pk}/dedahkan/"
    answers = {"purpose": "call"}
    asked = client.post(page, answers, headers={"referer": f"http://testserver{page}"})
    answer = client.post(asked.url, {"token": digits(rohani, at)}, follow=True)
    assert answer.context["form"]["purpose"].value() == "call"
    assert not AuditEvent.objects.filter(action__contains="read").exists()


def test_a_page_that_was_only_opened_is_no_act(client, rohani, at):
    asked = client.get("/staf/eksport/")
    assert "dilakukan" not in client.get(asked.url).text
    answer = client.post(asked.url, {"token": digits(rohani, at)}, follow=True)
    assert "dilakukan" not in answer.text


def make_refund_of_another():
    payment = make_payment(make_contribution(make_registration(make_user())), "succeeded")
    case = PaymentCase.objects.create(kind="anomaly", payment=payment, opened_at=AT)
    return make_refund(case, by=make_officer("Encik Hafiz"))
