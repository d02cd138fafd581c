"""What holds for every page of registration."""

import re

import pytest
from django.template.loader import render_to_string
from django.utils import translation

from registration.models import Registration, SupportingDocument
from registration.services import submission, uploads
from tests.factories import decide, make_file, make_officer, make_registration, make_user

pytestmark = pytest.mark.django_db
PAGES = [
    "/pendaftaran/",
    "/pendaftaran/jenis/",
    "/pendaftaran/maklumat/",
    "/pendaftaran/dokumen/",
    "/pendaftaran/dokumen/lesen/",
    "/pendaftaran/dokumen/psv/",
    "/pendaftaran/tidak-layak/",
    "/memperbaharui/",
    "/pendaftaran/dirujuk/",
]


def standing_for(url, user, at):
    """Brings the user's registration to where the page is shown."""
    if url == "/memperbaharui/":
        return make_registration(user, "approved", at=at)
    if url == "/pendaftaran/dirujuk/":
        return make_registration(user, "referred", at=at)
    citizenship = "other" if url == "/pendaftaran/tidak-layak/" else "citizen"
    return make_registration(user, citizenship=citizenship, at=at)


@pytest.mark.parametrize(
    ("url", "step"),
    [
        ("/pendaftaran/jenis/", 1),
        ("/pendaftaran/maklumat/", 2),
        ("/pendaftaran/dokumen/lesen/", 3),
        ("/pendaftaran/dokumen/", 4),
        ("/pendaftaran/dokumen/psv/", 4),
    ],
)
def test_a_page_of_the_first_registration_says_which_step_it_is(client, url, step, at):
    boon = make_user("Boon")
    registration = make_registration(boon, at=at)
    client.force_login(boon)
    assert f"Langkah {step} daripada 6" in client.get(url).text
    assert len(client.get("/pendaftaran/").context["tasks"]) == 6
    registration = submission.submit_registration(registration=registration, by=boon, at=at)
    registration = submission.queue_for_review(registration=registration, at=at)
    decide(registration, "approved", make_officer(), at)
    assert "daripada 6" not in client.get(url).text


def supersede(registration, many, at):
    """Adds documents that newer ones superseded."""
    old = registration.documents.values(
        "registration_id", "kind", "number", "expiry_date", "status", "file", "media_type", "size"
    )
    past = {"uploaded_at": at, "attached_at": at, "superseded_at": at}
    rows = [old[0] | past for _number in range(many)]
    SupportingDocument.objects.bulk_create(SupportingDocument(**row) for row in rows)


@pytest.mark.parametrize("many", [1, 50])
@pytest.mark.parametrize("url", PAGES)
def test_a_page_takes_few_queries_however_many_rows_there_are(
    client, url, many, at, django_assert_max_num_queries
):
    boon = make_user("Boon")
    registration = standing_for(url, boon, at)
    supersede(registration, many, at)
    if registration.is_editable:
        uploads.keep_upload(registration=registration, kind="kad-pemandu", file=make_file(), at=at)
    client.force_login(boon)
    client.get(url)
    with django_assert_max_num_queries(6):
        assert client.get(url).status_code == 200


@pytest.mark.parametrize("url", PAGES)
def test_a_page_has_one_heading_and_nothing_inline(client, url, at):
    boon = make_user("Boon")
    standing_for(url, boon, at)
    client.force_login(boon)
    page = client.get(url)
    assert page.text.count("<h1") == 1
    assert not re.search(r'style="|<style| on[a-z]+="|<script(?![^>]*src=)', page.text)
    assert boon.ic_number not in page.text


@pytest.mark.parametrize("status", Registration.Status.values)
def test_every_status_has_a_word_and_a_tone(status):
    registration = Registration(status=status)
    shown = render_to_string("registration/status.html", {"registration": registration})
    words, tone = re.search(r'tag--(\w+)">([^<]+)<', shown).groups()[::-1]
    assert words.strip()
    assert tone in {"success", "warning", "error", "info", "neutral"}


def test_E26_food_delivery_is_outside_of_this_portal(client):
    client.force_login(make_user("Boon"))
    page = client.post("/pendaftaran/jenis/", {"sector": "food_delivery", "region": "peninsular"})
    assert page.context["form"].errors.as_data()["sector"][0].code == "invalid_choice"


def test_a_lost_session_loses_no_answers(client, at):
    boon = make_user("Boon")
    make_registration(boon, kinds=["lesen"], town="Kota Bharu")
    client.force_login(boon)
    client.logout()
    assert client.get("/pendaftaran/").status_code == 302
    client.force_login(boon)
    with translation.override("ms"):
        assert 'value="Kota Bharu"' in client.get("/pendaftaran/maklumat/").text
