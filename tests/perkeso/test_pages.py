"""The front door, the footer's pages, and an honest page for everything that goes wrong."""

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.http import HttpRequest
from django.test import Client, RequestFactory
from django.urls import reverse

from accounts.http import too_many
from perkeso import views

PAGES = [
    "home",
    "help",
    "contact",
    "privacy",
    "disclaimer",
    "accessibility",
    "session_ended",
]


@pytest.mark.parametrize("name", PAGES)
@pytest.mark.parametrize("prefix", ["", "/en"])
def test_a_page_opens_in_both_languages(client, name, prefix):
    # Without the `db` fixture a query would fail: strangers cost none.
    answer = client.get(prefix + reverse(name))
    assert answer.status_code == 200
    assert f'<html lang="{"en" if prefix else "ms"}">' in answer.text
    assert answer.text.count("<h1") == 1


def test_the_front_door_speaks_malay_to_an_english_phone(client):
    answer = client.get("/", headers={"accept-language": "en-GB"})
    assert '<html lang="ms">' in answer.text
    assert "Daftar dan bayar caruman pekerjaan sendiri" in answer.text


def test_a_page_leads_to_itself_in_the_other_language(client):
    assert 'href="/en/bantuan/"' in client.get("/bantuan/").text
    assert 'href="/bantuan/"' in client.get("/en/bantuan/").text


def test_only_an_official_site_looks_official(client, settings):
    assert "Laman demonstrasi" in client.get("/").text
    settings.OFFICIAL_SITE = True
    assert "Portal Rasmi Kerajaan Malaysia" in client.get("/").text


def test_a_phone_that_saves_data_gets_no_fonts(client):
    assert "css/fonts.css" in client.get("/").text
    answer = client.get("/", headers={"save-data": "on"})
    assert "css/fonts.css" not in answer.text
    assert "Save-Data" in answer["Vary"]


def test_a_page_may_run_nothing_but_our_own_script(client):
    policy = client.get("/").headers["Content-Security-Policy"]
    assert "default-src 'none'" in policy
    assert "script-src 'self'" in policy
    assert "unsafe" not in policy


def test_an_unknown_page_is_404(client):
    answer = client.get("/tiada/")
    assert answer.status_code == 404
    assert "Halaman tidak dijumpai" in answer.text


def test_an_old_form_is_explained():
    answer = Client(enforce_csrf_checks=True).post(reverse("accounts:log_in"), {})
    assert answer.status_code == 403
    assert "Halaman ini sudah lama dibuka" in answer.text


def test_a_body_that_is_too_large_is_refused_in_words(client, settings):
    settings.REQUEST_MAX_BYTES = 10
    answer = client.post(reverse("accounts:log_in"), {"ic_number": "850101145523"})
    assert answer.status_code == 413
    assert "Fail terlalu besar" in answer.text


def test_a_strangers_file_is_not_even_read(client, settings, monkeypatch):
    """The log-in comes before whatever looks into the form, the check of its token included."""
    settings.DATA_UPLOAD_MAX_MEMORY_SIZE = 10
    monkeypatch.setattr(HttpRequest, "_load_post_and_files", None)
    page = reverse("registration:document", args=["lesen"])
    stranger = Client(enforce_csrf_checks=True)
    stranger.get(reverse("accounts:log_in"))
    answer = stranger.post(page, {"file": SimpleUploadedFile("lesen.jpg", b"a" * 100)})
    assert answer.status_code == 302
    assert answer["Location"].startswith(reverse("accounts:log_in"))


@pytest.mark.parametrize(
    ("limit", "most"), [("DATA_UPLOAD_MAX_MEMORY_SIZE", 10), ("DATA_UPLOAD_MAX_NUMBER_FIELDS", 1)]
)
def test_a_form_that_holds_too_much_is_refused_in_words(client, settings, limit, most):
    setattr(settings, limit, most)
    answer = client.post(
        reverse("accounts:log_in"),
        "a=1&b=2&c=" + "3" * 10,
        content_type="application/x-www-form-urlencoded",
    )
    assert answer.status_code == 413
    assert "Fail terlalu besar" in answer.text


@pytest.mark.parametrize(
    ("view", "status", "words"),
    [
        (views.bad_request, 400, "Permintaan ini tidak dapat difahami"),
        (views.forbidden, 403, "Anda tidak dibenarkan membuka halaman ini"),
        (views.server_error, 500, "Maaf, ada masalah dengan perkhidmatan ini"),
        (views.unavailable, 503, "Maaf, perkhidmatan ini tidak tersedia"),
    ],
)
def test_every_error_has_its_page(view, status, words):
    answer = view(RequestFactory().get("/"))
    assert answer.status_code == status
    assert words in answer.content.decode()


def test_too_many_tries_says_when_to_come_back():
    answer = too_many(RequestFactory().get("/"), 15)
    assert answer.status_code == 429
    assert answer["Retry-After"] == "900"
    assert "Cuba lagi selepas 15 minit." in answer.content.decode()
