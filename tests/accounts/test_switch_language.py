"""The pages' language: the browser remembers it, the account brings it, typed answers go along."""

import re

import pytest
from django.conf import settings
from django.test import Client

from accounts.http.session import Facts
from accounts.models import User
from tests.accounts.pages import TYPED, enter, know, lands
from tests.factories import PASSWORD, make_user

TO_ENGLISH = "/bahasa/en/?ke=/en/daftar/"


def spoken(client):
    """What the browser's cookie says."""
    return client.cookies[settings.LANGUAGE_COOKIE_NAME].value


@pytest.fixture
def browser(db):
    """Django's own, which follows nowhere."""
    return Client()


def test_what_is_half_typed_goes_along_and_is_not_checked(browser):
    half = {"full_name": "Aminah binti Ali", "email": "tiada"}
    assert lands(browser.post(TO_ENGLISH, half), "/en/daftar/", status=303)
    page = browser.get("/en/daftar/")
    assert page.context["form"].errors == {}
    assert 'value="Aminah binti Ali"' in page.text
    assert 'value="tiada"' in page.text
    assert "There is a problem" not in page.text


def test_what_is_whole_is_not_sent_by_it(browser):
    browser.post(TO_ENGLISH, TYPED)
    browser.get("/en/daftar/")
    assert not User.objects.exists()


def test_a_password_does_not_go_along(browser):
    browser.post("/bahasa/en/?ke=/en/log-masuk/kata-laluan/", {"password": "kereta merah"})
    assert "kereta merah" not in Facts(browser.session).again


@pytest.mark.parametrize(
    ("path", "other"),
    [("/daftar/", "/bahasa/en/?ke=/en/daftar/"), ("/en/daftar/", "/en/bahasa/ms/?ke=/daftar/")],
)
def test_a_form_has_a_button_that_takes_it_along(browser, path, other):
    text = browser.get(path).text
    assert text.count('id="borang"') == 1
    first, second = re.findall(r'<button form="borang"[^>]*>', text)
    assert "formaction" not in first  # Enter presses the first
    assert f'formaction="{other}"' in second


def test_a_page_without_a_form_has_a_link(browser):
    text = browser.get("/bantuan/").text
    assert 'href="/bahasa/en/?ke=/en/bantuan/"' in text
    assert 'form="borang"' not in text


def test_english_is_remembered_from_the_first_page_on(browser):
    assert lands(browser.get("/bahasa/en/?ke=/en/"), "/en/")
    assert spoken(browser) == "en"
    assert lands(browser.get("/"), "/en/")
    assert lands(browser.get("/bantuan/?x=1"), "/en/bantuan/?x=1")
    assert browser.get("/en/").status_code == 200
    assert lands(browser.get("/en/bahasa/ms/?ke=/"), "/")
    assert browser.get("/").status_code == 200


def test_what_is_no_page_in_two_languages_stays_where_it_is(browser):
    browser.get("/bahasa/en/?ke=/en/")
    assert browser.get("/sihat/hidup/").status_code == 200
    assert browser.get("/tiada/").status_code == 404
    assert lands(browser.get("/staf/"), "/staf/login/?next=/staf/")


@pytest.mark.parametrize("page", ["//jahat.example/", "https://jahat.example/", "home", ""])
def test_it_leads_to_no_other_site(browser, page):
    assert lands(browser.get("/bahasa/ms/", {"ke": page}), "/")


def test_there_are_two_languages(browser):
    assert browser.get("/bahasa/zh/").status_code == 404


@pytest.mark.parametrize(("language", "page"), [("en", "/en/mod/"), ("ms", "/mod/")])
def test_the_account_brings_its_language_to_a_new_browser(browser, language, page):
    user = make_user(language=language)
    know(browser, user)
    browser.post("/log-masuk/", {"ic_number": user.ic_number})
    assert lands(browser.post("/log-masuk/kata-laluan/", {"password": PASSWORD}), page)
    assert spoken(browser) == language


def test_what_the_browser_was_told_stays(browser):
    browser.get("/bahasa/ms/?ke=/")
    user = make_user(language="en")
    enter(browser, user)
    assert spoken(browser) == "ms"


def test_the_language_of_the_account_is_the_browsers_too(client, db):
    client.force_login(make_user())
    client.post("/profil/bahasa/", {"language": "en"})
    assert spoken(client) == "en"
