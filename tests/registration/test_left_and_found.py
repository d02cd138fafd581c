"""A draft is kept page by page, for thirty days, on any device; where he stands is derived."""

from datetime import date, timedelta

import pytest
import time_machine
from django.apps import apps
from django.core.files.uploadedfile import SimpleUploadedFile

from registration.models import Registration, SupportingDocument
from registration.services import drafts
from tests.browser import Browser
from tests.factories import DATA, PARTICULARS, make_registration, make_user, read

pytestmark = pytest.mark.django_db
OVERVIEW = "/pendaftaran/"
MONTH = timedelta(days=30)
SECOND = timedelta(seconds=1)


@pytest.fixture
def boon():
    return make_user("Boon Keat")


def on_another_device(driver):
    """A browser that knows nothing of him but that he has logged in."""
    browser = Browser()
    browser.force_login(driver)
    return browser


def next_step(browser):
    """Where the page about his registration leads him."""
    answer = browser.get(OVERVIEW)
    return answer.headers["Location"] if answer.status_code == 302 else answer.context["next_url"]


def paper(number):
    photo = SimpleUploadedFile("kad.jpg", (DATA / "lesen.jpg").read_bytes(), "image/jpeg")
    day = {"expiry_date_day": "31", "expiry_date_month": "12", "expiry_date_year": "2030"}
    return {"file": photo, "number": number, **day}


def work():
    """The worker reads the file that was sent last."""
    read(SupportingDocument.objects.latest("pk"))


LICENCE = "/pendaftaran/dokumen/lesen/"
CARD = "/pendaftaran/dokumen/psv/"
# What he sends, and where he stands when he comes back, whatever he was shown then.
PAGES = [
    ("/pendaftaran/jenis/", lambda: {"sector": "taxi", "region": "peninsular"}, "maklumat/"),
    ("/pendaftaran/maklumat/", lambda: PARTICULARS | {"postcode": "x"}, "maklumat/"),
    ("/pendaftaran/maklumat/", lambda: PARTICULARS, "dokumen/lesen/"),
    (LICENCE, lambda: paper(""), "dokumen/lesen/"),  # the file is kept all the same
    (LICENCE, lambda: paper("D1234567") | {"file": ""}, "dokumen/"),
    (CARD, lambda: paper("P7654321"), "/caruman/pelan/"),
]


def test_each_page_is_found_again_on_another_device(boon):
    assert next_step(on_another_device(boon)) == "/pendaftaran/jenis/"
    for page, typed, expected in PAGES:
        browser = on_another_device(boon)
        browser.post(page, typed())
        if SupportingDocument.objects.filter(status="received").exists():
            work()
        browser.post("/log-keluar/")
        expected = expected if expected.startswith("/") else OVERVIEW + expected
        assert next_step(on_another_device(boon)) == expected, page
    draft = Registration.objects.get()
    assert {name: getattr(draft, name) for name in PARTICULARS} == PARTICULARS
    assert [(one.kind, one.number) for one in draft.live_documents] == [
        ("lesen", "D1234567"),
        ("psv", "P7654321"),
    ]


def test_the_dashboard_leads_back_to_the_draft(boon):
    make_registration(boon, kinds=["lesen"])
    assert "/pendaftaran/" in on_another_device(boon).get("/saya/").text


def test_no_column_holds_a_step():
    ours = apps.get_app_config("registration").get_models()
    names = {field.name for model in ours for field in model._meta.get_fields()}
    assert not {name for name in names if "step" in name or "stage" in name}


@pytest.mark.parametrize(
    ("changed", "expected"),
    [
        ({"citizenship": ""}, "maklumat/"),
        ({"citizenship": "other"}, "tidak-layak/"),
        ({"region": "sarawak"}, ""),  # an officer looks first: he sends it from here
        ({"sector": "bus"}, "/caruman/pelan/"),
    ],
)
def test_the_step_follows_the_facts(boon, changed, expected):
    make_registration(boon)
    Registration.objects.update(**changed)
    expected = expected if expected.startswith("/") else OVERVIEW + expected
    assert next_step(on_another_device(boon)) == expected


def test_the_step_goes_back_when_a_document_has_run_out_meanwhile(boon, at):
    make_registration(boon)
    SupportingDocument.objects.filter(kind="lesen").update(expiry_date=date(2026, 11, 22))
    assert next_step(on_another_device(boon)) == "/caruman/pelan/"
    with time_machine.travel(at + timedelta(hours=14), tick=False):  # midnight in Kuala Lumpur
        assert next_step(on_another_device(boon)) == LICENCE


@pytest.mark.parametrize(("age", "is_there"), [(MONTH, True), (MONTH + SECOND, False)])
def test_it_is_kept_for_thirty_days(boon, age, is_there, at):
    make_registration(boon, at=at)
    drafts.drop_stale_drafts(at=at + age)
    assert (next_step(on_another_device(boon)) == "/caruman/pelan/") == is_there


def test_whatever_he_sends_begins_the_thirty_days_anew(boon, at):
    make_registration(boon, kinds=[], at=at)
    with time_machine.travel(at + MONTH, tick=False):
        on_another_device(boon).post("/pendaftaran/maklumat/", PARTICULARS | {"town": "Bangi"})
    drafts.drop_stale_drafts(at=at + 2 * MONTH)
    assert Registration.objects.get().town == "Bangi"
