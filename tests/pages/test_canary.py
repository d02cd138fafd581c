"""Known personal data goes through every view, and turns up in no log, task, url or queue."""

import logging
import re
from io import StringIO

import pytest
import redis
import responses
import time_machine
from celery.signals import before_task_publish
from django.conf import settings
from django.test import Client
from django.urls import reverse

from accounts.models.secrets import new_secret
from foundation.alarms import Alarm
from foundation.audit import AuditEvent
from foundation.outbox import OutboxRow
from perkeso.logs import MaskingFormatter
from tests.factories import (
    AT,
    make_code,
    make_contribution,
    make_payment,
    make_registration,
    make_user,
)
from tests.pages.walk import arguments_of, make_owner, routes
from tests.payments import fakes
from tests.staff.desk import freshly_seated

pytestmark = pytest.mark.django_db
IC, PHONE, EMAIL = "910203105566", "+60198765432", "kenari@contoh.com"
PHRASE, PASSWORD = "kenari kuning terbang", "sangkar kosong di beranda"
BUYER, MAKER = "KENARI BINTI BURUNG", "PEMBUAT KENARI"
SPELLINGS = [
    *(IC, "910203-10-5566", PHONE, "0198765432", "019-876 5432", EMAIL),
    *(PHRASE, PASSWORD, BUYER, MAKER),
]
# Under every name that a form of ours gives to personal data or a secret.
FIELDS = {
    "ic_number": IC,
    "full_name": "Norhayati",
    "phone": PHONE,
    "email": EMAIL,
    "secret_phrase": PHRASE,
    "password": PASSWORD,
    "password_confirmation": PASSWORD,
    "old_password": PASSWORD,
    "new_password1": PASSWORD,
    "new_password2": PASSWORD,
    "code": "918273",
    "token": "918273",
    "otp_token": "918273",
    "username": EMAIL,
    "q": IC,
    "reason": f"{IC} {EMAIL}",
    "note": PHONE,
    "fpx_buyerName": BUYER,
    "fpx_makerName": MAKER,
    "fpx_buyerEmail": EMAIL,
}


@pytest.fixture
def log():
    """All that the portal would write into its log, its own chattiest level included.

    Django's loggers stay at INFO, as in the settings: at DEBUG its templates print their contexts.
    """
    stream = StringIO()
    handler = logging.StreamHandler(stream)
    handler.setFormatter(MaskingFormatter())
    root, django = logging.getLogger(), logging.getLogger("django")
    kept = root.level, django.level
    for logger, level in ((root, logging.DEBUG), (django, logging.INFO)):
        logger.addHandler(handler)
        logger.setLevel(level)
    yield stream
    for logger, level in zip((root, django), kept, strict=True):
        logger.removeHandler(handler)
        logger.setLevel(level)


@pytest.fixture
def tasks():
    """What the broker was given: each task with its arguments and headers."""
    given = []

    def keep(**published):
        given.append(str((published["sender"], published["body"], published["headers"])))

    before_task_publish.connect(keep)
    yield given
    before_task_publish.disconnect(keep)


class Browser(Client):
    """Keeps every address that it asked for or was sent to."""

    visited: list[str] = []

    def request(self, **request):
        answer = super().request(**request)
        query = request.get("QUERY_STRING", "")
        self.visited += [request["PATH_INFO"], str(query), answer.headers.get("Location", "")]
        return answer


@pytest.fixture
def outside():
    """Gateway, bank and mail say no to everything."""
    with responses.RequestsMock(assert_all_requests_are_fired=False) as mock:
        yield mock


def found_in(text, code):
    """The spellings of personal data and secrets in a text."""
    digits = re.compile(rf"(?<![\d.]){code}(?!\d)")
    return [spelling for spelling in SPELLINGS if spelling in text] + digits.findall(text)


def walk_everything(browser, path_of):
    """Opens each url, and sends it a form full of personal data."""
    for name, names, _view in routes():
        path = path_of(name, names)
        for answer in (browser.get(path), browser.post(path, FIELDS)):
            assert answer.status_code in {200, 302, 303, 400, 403, 404, 405, 429, 503}, name
            if answer.streaming:
                answer.getvalue()


def make_canary():
    """Her row holds everything; her password and phrase are known to nobody else."""
    owner = make_owner(ic_number=IC)
    owner.phone, owner.email, owner.secret_phrase = PHONE, EMAIL, PHRASE
    owner.set_password(PASSWORD)
    owner.save()
    return owner


def log_in(browser, owner):
    """With the right answers, on a browser that is not known; returns the code."""
    browser.post("/log-masuk/", {"ic_number": IC})
    browser.post("/log-masuk/kata-laluan/", {"password": PASSWORD})
    code = make_code(owner, "log_in")
    assert browser.post("/log-masuk/otp/", {"code": code}).status_code == 302
    return code


def be_paid(browser):
    """FPX tells of her payment who paid."""
    payment = make_payment(make_contribution(make_registration(make_user(), "approved")))
    message = fakes.answer(payment, buyerName=BUYER, makerName=MAKER)
    form = "application/x-www-form-urlencoded"
    assert browser.post("/bayaran/fpx/langsung/", message, content_type=form).content == b"OK"


def test_it_leaves_no_trace(log, tasks, outside, clock_stands, django_capture_on_commit_callbacks):
    Browser.visited = []
    owner = make_canary()
    arguments = arguments_of(owner)

    def path_of(name, names):
        return reverse(name, args=arguments(name, names))

    with django_capture_on_commit_callbacks(execute=True):
        code = log_in(Browser(), owner)
        be_paid(Browser())
        for sit_down in (
            lambda browser: None,
            lambda browser: browser.force_login(owner),
            lambda browser: freshly_seated(browser),
        ):
            browser = Browser()
            sit_down(browser)
            walk_everything(browser, path_of)
    places = {
        "log": log.getvalue(),
        "urls": "\n".join(Browser.visited),
        "outbox": str(list(OutboxRow.objects.values())),
        "audit trail": str(list(AuditEvent.objects.values())),
        "alarms": str(list(Alarm.objects.values())),
        "tasks": "\n".join(tasks),
        "Valkey": everything_kept(),
    }
    # A worker that is at hand leaves no notice in Valkey.
    assert all(text for place, text in places.items() if place != "Valkey")
    for place, text in places.items():
        assert found_in(text, code) == [], place


def ask_in_every_way(browser, path):
    """Each method, at addresses as mail programs spoil them, and as what another page names."""
    for method in ("get", "head", "post", "put", "patch", "delete", "options", "trace"):
        for address in (path, f"{path}?a=1", path.rstrip("/"), f"{path}x", f"/en{path}"):
            getattr(browser, method)(address)
    browser.post("/log-masuk/", headers={"referer": f"https://test{path}"})
    for page in ("/log-masuk/", "/saya/"):
        browser.get(page, {"next": path})


LINKS = [name for name, names, _view in routes() if list(names) == ["token"]]


@pytest.mark.parametrize("name", LINKS)
def test_no_request_brings_a_links_token_into_the_log(name, log):
    token = new_secret()
    for browser in (Client(), Client(enforce_csrf_checks=True)):
        ask_in_every_way(browser, reverse(name, args=[token]))
    text = log.getvalue()
    assert "Method Not Allowed" in text
    assert "Not Found" in text
    assert token not in text


def test_every_link_is_among_them():
    assert len(LINKS) >= 7


@pytest.fixture
def clock_stands():
    with time_machine.travel(AT, tick=False):
        yield


def everything_kept():
    """All that lies in Valkey: the queues."""
    client = redis.Redis.from_url(settings.REDIS_URL)
    kinds = {b"string": client.get, b"list": lambda key: client.lrange(key, 0, -1)}
    return "\n".join(f"{key} {kinds.get(client.type(key), str)(key)}" for key in client.scan_iter())
