"""What every kind of answer tells the browser, over HTTP and over HTTPS."""

import os
import runpy
from pathlib import Path

import pytest
from django.conf import settings as portal_settings
from django.test import Client

from tests.factories import make_document, make_registration, make_user
from tests.staff.desk import seated

pytestmark = pytest.mark.django_db
SETTINGS = portal_settings.BASE_DIR / "perkeso" / "settings.py"


@pytest.fixture(params=["http", "https"])
def scheme(request, settings, monkeypatch, tmp_path):
    """The portal as its settings make it at such an address, with a static file."""
    monkeypatch.setitem(os.environ, "PORTAL_URL", f"{request.param}://testserver")
    for name, value in runpy.run_path(str(SETTINGS)).items():
        if name.isupper() and getattr(settings, name, None) != value and name != "DATABASES":
            setattr(settings, name, value)
    settings.ALLOWED_HOSTS = ["testserver"]
    settings.STATIC_ROOT = str(tmp_path)
    (tmp_path / "portal.css").write_text("p { margin: 0 }")
    return request.param


def a_driver(client):
    user = make_user()
    client.force_login(user)
    return user


def a_document(client):
    document = make_document(make_registration(a_driver(client), kinds=[]))
    return f"/pendaftaran/dokumen/{document.public_id}/fail/"


def path(url, who=lambda client: None):
    """A kind that is one address, opened by `who`."""

    def of(client):
        who(client)
        return url

    return of


PAGE, SIGNED_IN, FILE, PLAIN = "page", "page of somebody", "file of somebody", "static file"
KINDS = {
    "front page": (PAGE, "get", path("/"), 200),
    "form": (PAGE, "get", path("/log-masuk/"), 200),
    "wrong form": (PAGE, "post", path("/log-masuk/"), 303),
    "English page": (PAGE, "get", path("/en/bantuan/"), 200),
    "redirect": (PAGE, "get", path("/saya/"), 302),
    "no such page": (PAGE, "get", path("/tiada/"), 404),
    "wrong method": (PAGE, "post", path("/bantuan/"), 405),
    "health": (PAGE, "get", path("/sihat/hidup/"), 200),
    "callback": (PAGE, "post", path("/bayaran/fpx/langsung/"), 400),
    "return from the bank": (PAGE, "post", path("/bayaran/fpx/kembali/"), 303),
    "desk, log-in": (PAGE, "get", path("/staf/login/"), 200),
    "dashboard": (SIGNED_IN, "get", path("/saya/", a_driver), 200),
    "signed in, no such page": (SIGNED_IN, "get", path("/saya/tiada/", a_driver), 404),
    "log out": (PAGE, "post", path("/log-keluar/", a_driver), 302),
    "desk": (SIGNED_IN, "get", path("/staf/", seated), 200),
    "desk, list": (SIGNED_IN, "get", path("/staf/accounts/user/", seated), 200),
    "document": (FILE, "get", a_document, 200),
    "static file": (PLAIN, "get", path("/static/portal.css"), 200),
}
# By header: what each kind of answer has; a kind that is not named has `None`.
EVERY = {
    "X-Content-Type-Options": "nosniff",
    "Referrer-Policy": "same-origin",
    "Cross-Origin-Opener-Policy": "same-origin",
    "Cross-Origin-Resource-Policy": "same-origin",
}


def answer_of(kind, scheme):
    _class, method, url_for, status = KINDS[kind]
    client = Client()
    url = url_for(client)
    answer = getattr(client, method)(url, secure=scheme == "https")
    assert answer.status_code == status
    if answer.streaming:
        answer.close()
    return answer


@pytest.mark.parametrize("kind", KINDS)
def test_each_kind_of_answer_has_its_headers(scheme, kind):
    answer = answer_of(kind, scheme)
    says_what_browsers_may(answer.headers, scheme)
    sets_only_our_cookies(answer.cookies, scheme)
    of = KINDS[kind][0]
    if of != PLAIN:
        runs_nothing_foreign(answer.headers, scheme, is_file=of == FILE)
    if of in {SIGNED_IN, FILE}:
        assert "no-store" in answer.headers["Cache-Control"]


def says_what_browsers_may(headers, scheme):
    assert {name: headers.get(name) for name in EVERY} == EVERY
    for power in ("camera=(self)", "geolocation=()", "microphone=()", "payment=()"):
        assert power in headers["Permissions-Policy"]
    of_https = "max-age=31536000; includeSubDomains; preload" if scheme == "https" else None
    assert headers.get("Strict-Transport-Security") == of_https


def sets_only_our_cookies(cookies, scheme):
    for name, cookie in cookies.items():
        assert name.startswith("__Host-" if scheme == "https" else "p8000-")
        assert bool(cookie["secure"]) is (scheme == "https")
        assert (cookie["path"], cookie["domain"], cookie["samesite"]) == ("/", "", "Lax")
        assert cookie["httponly"] or cookie.value == ""


def runs_nothing_foreign(headers, scheme, *, is_file):
    directives = headers["Content-Security-Policy"].split(";")
    policy = dict(directive.strip().partition(" ")[::2] for directive in directives)
    assert policy["default-src"] == "'none'"
    assert headers["X-Frame-Options"] == "DENY"
    if is_file:
        assert "sandbox" in policy
        return
    assert policy["script-src"] == policy["style-src"] == "'self'"
    assert policy["frame-ancestors"] == policy["base-uri"] == "'none'"
    assert "unsafe" not in headers["Content-Security-Policy"]
    assert ("upgrade-insecure-requests" in policy) is (scheme == "https")


def test_the_banks_return_leaves_cookies_alone(scheme):
    assert not answer_of("return from the bank", scheme).cookies


def test_https_is_where_http_leads(scheme):
    answer = Client().get("/bantuan/")
    if scheme == "https":
        assert answer.headers["Location"] == "https://testserver/bantuan/"
    else:
        assert answer.status_code == 200


@pytest.mark.parametrize("folder", ["templates", "static", "tests/journeys"])
def test_nothing_knows_the_path_of_the_desk(folder):
    """It is a setting: templates, scripts and journeys ask for its url by name."""
    files = [path for path in Path(portal_settings.BASE_DIR, folder).rglob("*") if path.is_file()]
    texts = [path for path in files if path.suffix in {".html", ".js", ".css", ".txt", ".py"}]
    assert [path for path in texts if "/staf/" in path.read_text()] == []
