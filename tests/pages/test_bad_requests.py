"""What nobody's browser sends, at every url, as a stranger, as a driver and as an officer.

No page answers it with a 500. `make proof` walks them all; the pages where it once went wrong are
tried every time.
"""

import time

import pytest
from django import forms
from django.db import transaction
from django.http.cookie import parse_cookie
from django.test import Client
from django.test.client import ClientHandler
from django.urls import reverse

from accounts.http.session import Facts
from perkeso.readable import read_as_utf_8, read_cookies_once
from tests.factories import make_officer
from tests.pages.walk import arguments_of, make_owner, routes
from tests.staff.desk import freshly_seated, seated

pytestmark = pytest.mark.django_db
FORM = "application/x-www-form-urlencoded"
MULTIPART = "multipart/form-data; boundary=x"
PART = b'--x\r\nContent-Disposition: form-data; name="q"\r\n%b\r\n\xc3\x28\0\r\n--x--\r\n'


class PortalHandler(ClientHandler):
    """As gunicorn's door does it."""

    def __call__(self, environ):
        read_cookies_once(environ)
        read_as_utf_8(environ)
        return super().__call__(environ)


def browser():
    client = Client(raise_request_exception=False)
    client.handler = PortalHandler(enforce_csrf_checks=False)
    client.handler.load_middleware()
    return client


def every_field():
    """The name of every field of every form of ours, and of what pages read without a form."""
    names = {
        "q",
        "list",
        "next",
        "decision",
        "status",
        "action",
        "index",
        "_selected_action",
        "page",
    }
    kinds = [forms.BaseForm]
    while kinds:
        kind = kinds.pop()
        kinds += kind.__subclasses__()
        names |= set(getattr(kind, "base_fields", ()))
    return names - {"csrfmiddlewaretoken"}


def filled(word):
    return "&".join(f"{name}={word}" for name in sorted(every_field()))


CONTENT_TYPES = [
    f"{FORM}; charset={charset}" for charset in ("hex", "undefined", "utf-16", "tiada", "idna")
] + [
    f"{FORM}; charset*=tiada''x",
    f"{FORM}; charset*=undefined''x",
    "multipart/form-data",
    "multipart/form-data; boundary=",
    f"multipart/form-data; boundary={'x' * 300}",
    "multipart/form-data; boundary=\xe9",
    "multipart/form-data; boundary*=tiada''x",
    "multipart/form-data; boundary*=undefined''x",
    f"{MULTIPART}; charset=hex",
    f"{MULTIPART}; charset=undefined",
]
# What a header says is read before any page is chosen: of all pages these two ask the most.
ENOUGH = [f"{FORM}; charset=hex", "multipart/form-data; boundary*=undefined''x"]
PART_HEADERS = [
    b"Content-Type: text/plain; charset=hex\r\n",
    b"Content-Disposition: form-data; name*=undefined''x\r\n",
    b"Content-Transfer-Encoding: base64\r\n",
]


def odd_requests(client, path, content_types):
    """(What was sent, its answer) for each thing that a browser would not send."""
    for query in ("q=%00", "next=tiada&list=tiada&page=x&dari=x&o=x&e=x", filled("%00")):
        yield f"GET {query[:20]}", client.get(f"{path}?{query}")
    for word in ("%00", "tiada", "9" * 40):
        yield f"POST {word[:6]}", client.generic("POST", path, filled(word), FORM)
    for kind in content_types:
        yield f"POST {kind}", client.generic("POST", f"{path}?q=1", "q=1", kind)
    for header in PART_HEADERS[: len(content_types)]:
        yield f"POST {header!r}", client.generic("POST", path, PART % header, MULTIPART)


def faults(client, path, content_types=CONTENT_TYPES):
    """What of it was answered with a 500; nothing that it did stays."""
    found = []
    cookies = client.cookies.copy()
    before = transaction.savepoint()  # no block of its own: FPX's messages are stored in theirs
    for sent, answer in odd_requests(client, path, content_types):
        if answer.streaming:
            answer.getvalue()  # read to the end, the file is closed
        if answer.status_code == 500:
            found.append(sent)
        client.cookies = cookies.copy()
    transaction.savepoint_rollback(before)
    return found


@pytest.fixture
def paths():
    owner = make_owner()
    arguments = arguments_of(owner)
    return owner, {name: reverse(name, args=arguments(name, names)) for name, names, _ in routes()}


def as_stranger(client, owner):
    """Signs in nobody."""


def as_driver(client, owner):
    client.force_login(owner)


def as_officer(client, owner):
    freshly_seated(client, make_officer())


@pytest.mark.proof
@pytest.mark.parametrize("who", [as_stranger, as_driver, as_officer])
def test_nothing_odd_is_answered_with_a_500(paths, who):
    owner, path_of = paths
    client = browser()
    who(client, owner)
    found = {name: faults(client, path, ENOUGH) for name, path in sorted(path_of.items())}
    assert {name: sent for name, sent in found.items() if sent} == {}


@pytest.mark.parametrize("path", ["/daftar/", "/log-masuk/", "/staf/login/", "/sms/laporan/x/"])
def test_a_stranger_causes_no_500(path):
    assert faults(browser(), path) == []


@pytest.mark.parametrize(
    "path",
    [
        "/staf/carian/",
        "/staf/cari/",
        "/staf/pengesahan/",
        "/staf/accounts/user/",
        "/staf/perkeso/alarm/",
    ],
)
def test_an_officer_causes_no_500(path):
    client = browser()
    seated(client)
    assert faults(client, path) == []


def test_an_address_with_a_nul_is_refused_and_a_cookie_with_one_forgotten(settings):
    client = browser()
    assert client.get("/?x=%00").status_code == 400
    assert client.get("/%00").status_code == 400
    for name in (settings.SESSION_COOKIE_NAME, settings.LANGUAGE_COOKIE_NAME):
        client.cookies[name] = "x" * 30 + "\0"
    assert client.get("/").status_code == 200


@pytest.mark.parametrize("piece", ['\\"', "\\1", "\\300", "a", '"', ";", "=", ","])
def test_cookies_cost_in_proportion_to_their_length(piece):
    """Eight times the length: eight times the work, not sixty-four times."""

    def cost(length):
        environ = {"HTTP_COOKIE": f'a="{piece * (length // len(piece))}"'}
        began = time.thread_time()
        read_cookies_once(environ)
        parse_cookie(environ["HTTP_COOKIE"])
        return time.thread_time() - began

    short = min(cost(3_500) for _try in range(7))
    assert min(cost(28_000) for _try in range(3)) < 24 * max(short, 1e-5)


def test_a_cookie_of_backslashes_takes_nothing_from_its_neighbours(settings):
    client = browser()
    name = settings.LANGUAGE_COOKIE_NAME
    answer = client.get("/staf/login/", HTTP_COOKIE='x="\\"; ' + f"{name}=en")
    assert answer.wsgi_request.COOKIES[name] == "en"


@pytest.mark.parametrize("wanted", ["tiada", "home", ".", "//jahat.example/", "https://x/", "a/b"])
def test_what_is_no_path_is_not_kept_for_after_the_log_in(client, wanted):
    client.get("/log-masuk/", {"next": wanted})
    assert Facts(client.session).next is None
    client.get("/log-masuk/", {"next": "/resit/"})
    assert Facts(client.session).next == "/resit/"


@pytest.mark.parametrize("claimed", [";", "a=;", 'a="\\', "x;charset=hex;"])
def test_a_content_type_of_thousands_of_parameters_is_not_read(claimed, monkeypatch):
    """Read by Django, 28 KB of semicolons held a thread for the better part of a second."""
    environ = {"CONTENT_TYPE": f"{MULTIPART};{claimed * 5000}"}

    def reading(_line):
        raise AssertionError("it was read")

    monkeypatch.setattr("perkeso.readable.parse_header_parameters", reading)
    read_as_utf_8(environ)
    assert environ["CONTENT_TYPE"] == ""
