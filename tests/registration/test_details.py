"""The particulars that the IC number does not tell."""

import pytest

from registration.models import Registration
from registration.services import drafts
from tests.factories import PARTICULARS, make_registration, make_user

pytestmark = pytest.mark.django_db
URL = "/pendaftaran/maklumat/"


@pytest.fixture
def boon(client, at):
    """Boon, who has chosen taxi on the peninsula, in his browser."""
    boon = make_user("Boon")
    drafts.save_service(user=boon, sector="taxi", region="peninsular", at=at)
    client.force_login(boon)
    return boon


def test_it_asks_for_what_the_ic_number_does_not_tell(client, boon):
    page = client.get(URL)
    assert page.status_code == 200
    assert 'autocomplete="postal-code"' in page.text
    assert 'inputmode="numeric"' in page.text
    assert "W.P. Putrajaya" in page.text


def test_the_answers_are_kept_and_the_licence_comes_next(client, boon):
    answer = client.post(URL, PARTICULARS | {"vehicle_number": " vab  1234 "})
    assert answer.headers["Location"] == "/pendaftaran/dokumen/lesen/"
    registration = Registration.objects.get()
    assert registration.vehicle_number == "VAB 1234"
    assert registration.address == "12 Jalan Melati, 43000 Kajang, Selangor"


def test_operator_and_vehicle_need_not_be_given(client, boon):
    answer = client.post(URL, PARTICULARS | {"vehicle_number": ""})
    assert answer.status_code == 302
    assert Registration.objects.get().has_particulars


@pytest.mark.parametrize(
    ("field", "value", "code"),
    [
        ("citizenship", "", "required"),
        ("citizenship", "tourist", "invalid_choice"),
        ("address_line_1", "", "required"),
        ("address_line_1", "x" * 101, "max_length"),
        ("postcode", "", "required"),
        ("postcode", "4300", "postcode"),
        ("postcode", "43 0 0", "postcode"),
        ("postcode", "４３０００", "postcode"),
        ("town", " ", "required"),
        ("state", "", "required"),
        ("state", "singapura", "invalid_choice"),
        ("vehicle_number", "x" * 16, "max_length"),
    ],
)
def test_each_wrong_answer_is_told_and_what_was_typed_stays(client, boon, field, value, code):
    page = client.post(URL, PARTICULARS | {field: value})
    errors = page.context["form"].errors.as_data()
    assert {name: [error.code for error in found] for name, found in errors.items()} == {
        field: [code]
    }
    assert "12 Jalan Melati" in page.text or field == "address_line_1"
    assert not Registration.objects.get().has_particulars


def test_whoever_cannot_be_insured_hears_it_before_he_uploads(client, boon):
    answer = client.post(URL, PARTICULARS | {"citizenship": "other"}, follow=True)
    assert answer.redirect_chain == [("/pendaftaran/tidak-layak/", 302)]
    assert "warganegara dan pemastautin tetap" in answer.text


def test_whoever_has_not_chosen_a_service_is_asked_for_it_first(client):
    client.force_login(make_user("Chandran"))
    assert client.get(URL).headers["Location"] == "/pendaftaran/jenis/"


def test_out_of_turn_it_shows_where_he_stands(client):
    aminah = make_user()
    make_registration(aminah, "submitted", is_paid=True)
    client.force_login(aminah)
    assert client.get(URL).headers["Location"] == "/pendaftaran/"
    assert client.post(URL, PARTICULARS).headers["Location"] == "/pendaftaran/"


def test_an_officer_who_is_faster_than_the_form_wins(client, boon, monkeypatch):
    def overtaken(**answers):
        raise drafts.NotEditable

    monkeypatch.setattr(drafts, "save_details", overtaken)
    answer = client.post(URL, PARTICULARS, follow=True)
    assert answer.redirect_chain == [("/pendaftaran/", 302)]
    assert "sedang disemak dan tidak boleh diubah" in answer.text


def test_strangers_are_sent_to_the_log_in(client):
    assert client.get(URL).headers["Location"].startswith("/log-masuk/")
