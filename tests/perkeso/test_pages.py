"""The front door, the footer's pages, and an honest page for everything that goes wrong."""

import logging
import re
from unittest.mock import Mock

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.db import DatabaseError, OperationalError
from django.db.backends.base.base import BaseDatabaseWrapper
from django.http import HttpRequest
from django.test import Client, RequestFactory
from django.urls import reverse

from accounts.http.guards import too_many
from foundation.alarms import Alarm
from perkeso import views
from perkeso.logs import MaskingFormatter
from perkeso.views import errors, pages
from tests.factories import make_user

pytestmark = pytest.mark.django_db
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


def test_the_front_door_tells_a_stranger_the_price_the_benefits_and_who_may_join(client):
    page = client.get("/").text
    for words in [
        "Dari RM13.10 sebulan",
        "Rawatan perubatan",
        "Warganegara dan pemastautin tetap Malaysia",
        "21 tahun",
    ]:
        assert words in page


def test_the_front_door_leads_a_driver_on(client, db):
    client.force_login(make_user())
    main = client.get("/").text.split("<main")[1].split("</main>")[0]
    assert 'href="/saya/"' in main
    assert 'href="/log-masuk/"' not in main


def test_the_front_door_speaks_malay_to_an_english_phone(client):
    answer = client.get("/", headers={"accept-language": "en-GB"})
    assert '<html lang="ms">' in answer.text
    assert "Daftar dan bayar caruman pekerjaan sendiri" in answer.text


def test_a_page_leads_to_itself_in_the_other_language(client):
    assert 'href="/bahasa/en/?ke=/en/bantuan/"' in client.get("/bantuan/").text
    assert 'href="/en/bahasa/ms/?ke=/bantuan/"' in client.get("/en/bantuan/").text


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
def test_every_error_has_its_page(view, status, words, db):
    answer = view(RequestFactory().get("/"))
    assert answer.status_code == status
    assert words in answer.content.decode()


@pytest.fixture
def fault(client, db, monkeypatch):
    """Opens the front door while something in it raises what it is given."""
    client.raise_request_exception = False

    def meet(error):
        monkeypatch.setattr(pages, "render", Mock(side_effect=error))
        return client.get("/")

    return meet


def test_a_fault_has_a_number_that_is_in_the_log_and_in_an_alarm(fault, caplog, monkeypatch):
    log = []
    monkeypatch.setattr(
        logging.getLogger("django.request"), "handle", lambda it: log.append(formatted(it))
    )
    answer = fault(RuntimeError("850101145523"))
    assert answer.status_code == 500
    number = re.search("<strong>([0-9a-f]{16})</strong>", answer.text)[1]
    assert answer.text.count(number) == 2  # in both languages
    assert [f"[{number}]" in line for line in log] == [True]
    alarm = Alarm.objects.get()
    assert (alarm.kind, alarm.key) == ("server_error", "home")
    assert alarm.detail == f"RuntimeError {number}"


def test_a_page_that_fails_often_is_one_alarm(fault):
    for _time in range(3):
        fault(RuntimeError)
    assert Alarm.objects.get().seen_count == 3


def test_a_fault_whose_alarm_fails_still_has_its_page(fault, monkeypatch):
    monkeypatch.setattr(errors, "raise_alarm", Mock(side_effect=DatabaseError))
    assert fault(RuntimeError).status_code == 500


def test_an_absent_database_promises_nothing_and_is_no_alarm(fault):
    answer = fault(OperationalError)
    assert answer.status_code == 503
    assert "mungkin belum disimpan" in answer.text
    assert "jangan bayar semula" in answer.text
    assert not Alarm.objects.exists()


def formatted(record):
    return MaskingFormatter().format(record)


@pytest.mark.django_db
@pytest.mark.parametrize("path", ["/", "/log-masuk/", "/saya/", "/resit/", "/staf/", "/tiada/"])
def test_a_database_that_is_away_is_waited_for_once(client, monkeypatch, path):
    """Each try costs the pool's whole patience, and who waits holds a thread."""
    client.force_login(make_user())
    client.raise_request_exception = False
    tries = []

    def away(self):
        tries.append(path)
        raise OperationalError("couldn't get a connection")

    with monkeypatch.context() as patch:
        patch.setattr(BaseDatabaseWrapper, "cursor", away)
        patch.setattr(BaseDatabaseWrapper, "chunked_cursor", away)
        client.get(path)
    assert len(tries) <= 1


def test_too_many_tries_says_when_to_come_back():
    answer = too_many(RequestFactory().get("/"), 15)
    assert answer.status_code == 429
    assert answer["Retry-After"] == "900"
    assert "Cuba lagi selepas 15 minit." in answer.content.decode()
