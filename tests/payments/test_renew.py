"""Renewal: what we know, whether it is still right, what has expired."""

from datetime import date, timedelta

import pytest

from registration.models import Registration, SupportingDocument
from tests.factories import make_document, make_registration, make_user

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("clock")]
URL = "/memperbaharui/"
HOUR = timedelta(hours=1)


@pytest.fixture
def aminah(client):
    aminah = make_user("Aminah binti Ali")
    client.force_login(aminah)
    return aminah


@pytest.fixture
def approved(aminah, at):
    return make_registration(aminah, "approved", at=at - 24 * HOUR)


def expire(kind):
    """Lets a document of Aminah's run out."""
    SupportingDocument.objects.filter(kind=kind).update(expiry_date=date(2026, 11, 21))


def test_it_shows_what_we_know(client, approved):
    page = client.get(URL)
    for words in [
        "Adakah maklumat ini masih betul?",
        "Aminah binti Ali",
        "Teksi · Semenanjung Malaysia",
        "12 Jalan Melati, 43000 Kajang, Selangor",
        "VAB 1234",
        "D1234567, sah hingga 31\xa0Dis\xa02030",
    ]:
        assert words in page.text
    assert approved.user.ic_number not in page.text
    assert "sudah tamat tempoh" not in page.text


def test_yes_leads_to_the_plan(client, approved, at):
    answer = client.post(URL, {"is_correct": "yes"})
    assert answer.headers["Location"] == "/caruman/pelan/"
    assert Registration.objects.get().confirmed_at == at


def test_no_leads_to_what_can_be_changed(client, approved):
    answer = client.post(URL, {"is_correct": "no"}, follow=True)
    assert answer.redirect_chain == [("/pendaftaran/", 302)]
    assert 'href="/pendaftaran/maklumat/"' in answer.text
    assert Registration.objects.get().confirmed_at is None


@pytest.mark.parametrize(
    ("answers", "code"), [({}, "required"), ({"is_correct": "maybe"}, "invalid_choice")]
)
def test_each_wrong_answer_is_told(client, approved, answers, code):
    page = client.post(URL, answers)
    assert page.context["form"].errors.as_data()["is_correct"][0].code == code
    assert "Pilih ya atau tidak" in page.text


def test_an_expired_licence_must_be_replaced_first(client, approved):
    expire("lesen")
    page = client.get(URL)
    assert "Lesen memandu sudah tamat tempoh" in page.text
    assert 'href="/pendaftaran/dokumen/lesen/"' in page.text
    answer = client.post(URL, {"is_correct": "yes"})
    assert answer.headers["Location"] == "/pendaftaran/dokumen/lesen/"


def test_an_expired_card_may_be_replaced_by_the_other(client, approved):
    expire("psv")
    page = client.get(URL)
    assert "Kad PSV sudah tamat tempoh" in page.text
    answer = client.post(URL, {"is_correct": "yes"})
    assert answer.headers["Location"] == "/pendaftaran/dokumen/"


def test_with_the_expired_document_replaced_comes_the_plan(client, approved, at):
    expire("psv")
    client.post(URL, {"is_correct": "yes"})
    make_document(approved, "psv", at=at)
    answer = client.post(URL, {"is_correct": "yes"})
    assert answer.headers["Location"] == "/caruman/pelan/"


def test_what_is_being_reviewed_may_be_renewed_too(client, aminah):
    make_registration(aminah, "submitted", is_paid=True)
    answer = client.post(URL, {"is_correct": "yes"})
    assert answer.headers["Location"] == "/caruman/pelan/"


def test_of_several_he_says_which(client, approved, aminah, at):
    bus = make_registration(aminah, "approved", sector="bus", at=at - 12 * HOUR)
    page = client.get(URL)
    assert "Memperbaharui Teksi" in page.text
    assert "Memperbaharui Bas" in page.text
    named = f"{URL}?pendaftaran={approved.public_id}"
    assert "Teksi · Semenanjung" in client.get(named).text
    client.post(named, {"is_correct": "yes"})
    assert Registration.objects.for_user(aminah).current() == approved
    client.post(f"{URL}?pendaftaran={bus.public_id}", {"is_correct": "no"})
    assert Registration.objects.for_user(aminah).current() in [approved, bus]


@pytest.mark.parametrize(
    "status", [one for one in Registration.Status if one not in {"submitted", "approved"}]
)
def test_what_may_not_be_paid_for_is_not_renewed(client, aminah, status):
    make_registration(aminah, status)
    assert client.get(URL).headers["Location"] == "/pendaftaran/"
    assert client.post(URL, {"is_correct": "yes"}).headers["Location"] == "/pendaftaran/"


def test_somebody_elses_is_not_renewed(client, approved):
    client.force_login(make_user("Chandran"))
    answer = client.get(f"{URL}?pendaftaran={approved.public_id}")
    assert answer.headers["Location"] == "/pendaftaran/"


def test_strangers_are_sent_to_the_log_in(client):
    assert client.get(URL).headers["Location"].startswith("/log-masuk/")
