"""After a mistake a GET shows once what was typed and what was wrong: nothing is sent again."""

from datetime import timedelta

import pytest
from django.test import Client

from accounts.http.session import Facts
from accounts.models import User
from tests.accounts.pages import CREDENTIALS, TYPED, begin_and_prove, lands, open_link
from tests.factories import make_user

PAGE = "/daftar/"
WRONG = TYPED | {"email": "tiada"}


@pytest.fixture
def browser(db):
    """Django's own, which follows nowhere."""
    return Client()


def test_a_mistake_leads_back_to_its_page(browser):
    assert lands(browser.post(f"{PAGE}?dari=semak", WRONG), f"{PAGE}?dari=semak", status=303)


def test_the_page_shows_what_was_typed_and_what_was_wrong_with_it(browser):
    browser.post(PAGE, WRONG)
    page = browser.get(PAGE)
    assert page.status_code == 200
    assert page.context["form"].has_error("email", "invalid")
    assert list(page.context["form"].errors) == ["email"]
    assert 'value="tiada"' in page.text
    assert 'value="850101-14-5523"' in page.text
    assert not User.objects.exists()


def test_it_stands_there_once(browser):
    browser.post(PAGE, WRONG)
    browser.get(PAGE)
    again = browser.get(PAGE)
    assert again.context["form"].errors == {}
    assert 'value="tiada"' not in again.text


def test_another_page_does_not_show_it_or_take_it_away(browser):
    browser.post(PAGE, WRONG)
    assert browser.get("/log-masuk/").context["form"].errors == {}
    assert browser.get(PAGE).context["form"].has_error("email")


def test_a_look_without_a_page_does_not_use_it_up(browser):
    browser.post(PAGE, WRONG)
    browser.head(PAGE)
    assert browser.get(PAGE).context["form"].has_error("email")


def test_what_a_page_asked_about_is_not_asked_again(browser, clock):
    browser.post(PAGE, TYPED | {"email": "aminah@gmail.con"})
    form = browser.get(PAGE).context["form"]
    assert form.has_error("email", "doubtful")
    answers = {name: form[name].value() or "" for name in form.fields}
    assert lands(browser.post(PAGE, answers), "/daftar/otp/")


def test_what_is_right_but_refused_is_not_tried_again_by_the_get(browser, clock, settings):
    settings.LIMITS = settings.LIMITS | {"ic_per_network": (0, timedelta(hours=1))}
    browser.post("/log-masuk/", {"ic_number": "850101-14-5523"})
    settings.LIMITS = settings.LIMITS | {"ic_per_network": (9, timedelta(hours=1))}
    page = browser.get("/log-masuk/")
    assert page.status_code == 200
    assert page.context["form"].has_error("ic_number", "too_many")
    assert "Buktikan telefon anda" in page.text


def test_no_password_is_kept(browser, clock):
    sign_up = begin_and_prove(browser)
    page = open_link(browser, sign_up)
    wrong = CREDENTIALS | {"password_confirmation": "lain sama sekali"}
    assert lands(browser.post(page, wrong), page, status=303)
    kept = Facts(browser.session).again
    assert CREDENTIALS["password"] not in kept
    assert "lain sama sekali" not in kept
    assert browser.get(page).context["form"].has_error("password_confirmation")


def test_it_lies_sealed_in_the_session(browser):
    browser.post(PAGE, WRONG)
    assert not any("tiada" in str(value) for value in dict(browser.session).values())


def test_more_than_any_form_holds_is_not_kept_but_refused(browser):
    browser.post(PAGE, WRONG | {"full_name": "a" * 3_000})
    assert len(Facts(browser.session).again) < 1_000
    assert browser.get(PAGE).context["form"].has_error("full_name")


def test_another_persons_answers_are_shown_to_nobody(browser):
    aminah, boon = make_user(), make_user("Tan Boon Keat")
    browser.force_login(aminah)
    browser.post("/pendaftaran/jenis/", {"region": "peninsular"})
    kept = Facts(browser.session).again
    browser.force_login(boon)
    session = browser.session
    Facts(session).again = kept
    session.save()
    assert browser.get("/pendaftaran/jenis/").context["form"].errors == {}


def test_script_gets_the_page_at_once_and_keeps_nothing(browser):
    answer = browser.post(PAGE, WRONG, headers={"X-Stays": "1"})
    assert answer.status_code == 200
    assert 'value="tiada"' in answer.text
    assert Facts(browser.session).again is None


def test_script_is_told_where_to_go_on(browser, clock):
    answer = browser.post(PAGE, TYPED, headers={"X-Stays": "1"})
    assert answer.status_code == 200
    assert answer["X-Goes-To"] == "/daftar/otp/"
    assert "Location" not in answer
    assert answer.content == b""
