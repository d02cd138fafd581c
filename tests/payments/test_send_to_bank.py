"""The signed message as a form that goes to FPX."""

import json
from datetime import timedelta

import pytest
from django.conf import settings
from django.urls import reverse

from payments.models import Payment
from payments.services import attempts
from tests.factories import make_payment, make_user, tell

pytestmark = pytest.mark.usefixtures("clock")


@pytest.fixture
def page(payment):
    return reverse("payments:send_to_bank", args=[payment.reference])


@pytest.fixture(autouse=True)
def signed_in(aminah, client):
    client.force_login(aminah)


def test_it_shows_every_field_as_it_was_signed(client, page, payment):
    answer = client.get(page)
    text = answer.content.decode()
    assert page == f"/bayaran/{payment.reference}/pergi/"
    assert "Menghubungkan anda ke SBI Bank A" in text
    assert f'action="{settings.FPX_URL}seller2DReceiver.jsp"' in text
    for name, value in json.loads(payment.request).items():
        assert f'<input type="hidden" name="{name}" value="{value}">' in text
    assert "csrfmiddlewaretoken" not in text.split("data-submit-now")[1].split("</form>")[0]
    assert '<button class="button">Teruskan ke bank</button>' in text


def test_the_form_may_be_led_on_to_any_bank_from_this_page_only(client, page, payment):
    """FPX answers it with a redirect to the bank's own host, which `form-action` would block."""
    assert "form-action" not in client.get(page)["Content-Security-Policy"]
    elsewhere = client.get(reverse("payments:payment", args=[payment.reference]))
    assert "form-action 'self'" in elsewhere["Content-Security-Policy"]


def test_it_is_kept_by_no_cache(client, page):
    assert "no-store" in client.get(page)["Cache-Control"]


def test_one_browser_gets_it_and_a_second_one_the_way_on(client, page, payment, at):
    """FPX answers an order that comes twice with an error page that leads nowhere."""
    assert client.get(page).status_code == 200
    assert Payment.objects.get().handed_out_at == at
    answer = client.get(page, follow=True)
    assert answer.redirect_chain == [(reverse("payments:payment", args=[payment.reference]), 302)]
    assert "Anda belum selesai di SBI Bank A" in answer.text
    assert "Teruskan ke bank" not in answer.text
    assert ">Semak status</button>" in answer.text


def test_of_two_that_ask_at_once_one_gets_it(payment, at):
    tabs = [Payment.objects.get(pk=payment.pk) for _tab in range(2)]
    assert [attempts.hand_out(payment=tab, at=at) for tab in tabs] == [True, False]


def test_whoever_never_reached_fpx_gets_it_again(client, page, payment, at, clock):
    client.get(page)
    tell(payment, "76", channel="enquiry", at=at + timedelta(seconds=30))
    clock.move_to(at + timedelta(minutes=1))
    assert page in client.get(reverse("payments:payment", args=[payment.reference])).text
    assert [client.get(page).status_code for _ask in range(2)] == [200, 302]


@pytest.mark.parametrize("method", ["head", "post"])
def test_nothing_else_uses_it_up(client, page, payment, method):
    assert getattr(client, method)(page).status_code == 405
    assert client.get(page).status_code == 200


@pytest.mark.parametrize("status", [one for one in Payment.Status if one != "started"])
def test_one_that_is_under_way_is_not_sent_again(client, contribution, status):
    payment = make_payment(contribution, status)
    answer = client.get(reverse("payments:send_to_bank", args=[payment.reference]))
    assert answer["Location"] == reverse("payments:payment", args=[payment.reference])


def test_what_is_paid_by_another_attempt_is_not_paid_again(client, contribution, at, clock):
    """He began anew, and then his first bank said yes after all."""
    first = make_payment(contribution, "expired")
    second = make_payment(contribution, at=at + timedelta(minutes=30))
    clock.move_to(at + timedelta(minutes=32))
    tell(first, "00", at=at + timedelta(minutes=31))
    answer = client.get(reverse("payments:send_to_bank", args=[second.reference]))
    assert answer["Location"] == reverse("payments:payment", args=[second.reference])
    tell(second, "76", channel="enquiry", at=at + timedelta(minutes=32))
    text = client.get(answer["Location"]).text
    assert "telah dibayar melalui bayaran lain" in text
    assert "Teruskan ke bank" not in text
    assert "untuk membayar semula" not in text


@pytest.mark.parametrize(("minutes", "status"), [(19, 200), (20, 302)])
def test_an_old_one_is_not_sent(client, page, at, clock, minutes, status):
    clock.move_to(at + timedelta(minutes=minutes))
    assert client.get(page).status_code == status


def test_a_stranger_finds_nothing(client, page):
    client.force_login(make_user("Chandran"))
    assert client.get(page).status_code == 404


def test_it_takes_few_queries(client, page, payment, django_assert_max_num_queries):
    client.get(reverse("payments:payment", args=[payment.reference]))
    with django_assert_max_num_queries(7):
        client.get(page)
