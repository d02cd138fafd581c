"""What and where somebody drives."""

import pytest

from registration.models import Registration
from tests.factories import make_registration, make_user

pytestmark = pytest.mark.django_db
URL = "/pendaftaran/jenis/"


def signed_in(client, **user):
    """A driver's browser."""
    boon = make_user("Boon", **user)
    client.force_login(boon)
    return boon


def test_it_asks_for_sector_and_region(client):
    signed_in(client)
    page = client.get(URL)
    assert page.status_code == 200
    for words in [
        "Teksi",
        "E-hailing",
        "Bas",
        "Semenanjung Malaysia",
        "Sabah",
        "Sarawak",
        "Labuan",
    ]:
        assert words in page.text


def test_the_answer_begins_a_registration(client):
    boon = signed_in(client)
    answer = client.post(URL, {"sector": "bus", "region": "labuan"})
    assert answer.headers["Location"] == "/pendaftaran/maklumat/"
    registration = Registration.objects.for_user(boon).current()
    assert (registration.sector, registration.region) == ("bus", "labuan")


def test_what_was_answered_is_filled_in(client):
    boon = signed_in(client)
    make_registration(boon, sector="bus", region="sarawak")
    page = client.get(URL)
    assert page.context["form"].initial == {"sector": "bus", "region": "sarawak"}


@pytest.mark.parametrize(
    ("answers", "field", "code"),
    [
        ({"region": "sabah"}, "sector", "required"),
        ({"sector": "food_delivery", "region": "sabah"}, "sector", "invalid_choice"),
        ({"sector": "taxi"}, "region", "required"),
        ({"sector": "taxi", "region": "singapore"}, "region", "invalid_choice"),
    ],
)
def test_each_wrong_answer_is_told(client, answers, field, code):
    signed_in(client)
    page = client.post(URL, answers)
    assert page.context["form"].errors.as_data()[field][0].code == code
    assert "Ada masalah" in page.text
    assert not Registration.objects.exists()


def test_while_an_officer_looks_the_region_stays(client):
    boon = signed_in(client)
    make_registration(boon, "referred")
    answer = client.post(URL, {"sector": "taxi", "region": "sarawak"}, follow=True)
    assert answer.redirect_chain == [("/pendaftaran/", 302)]
    assert "sedang disemak dan tidak boleh diubah" in answer.text
    assert Registration.objects.get().region == "sabah"


def test_whoever_came_from_the_check_page_goes_back_to_it(client):
    boon = signed_in(client)
    make_registration(boon)
    answer = client.post(f"{URL}?dari=semak", {"sector": "taxi", "region": "labuan"})
    assert answer.headers["Location"] == "/caruman/semak/"


def test_whoever_now_needs_another_document_is_asked_for_it_first(client):
    boon = signed_in(client)
    make_registration(boon, kinds=["lesen", "kad-pemandu"])
    answer = client.post(f"{URL}?dari=semak", {"sector": "bus", "region": "labuan"})
    assert answer.headers["Location"] == "/pendaftaran/dokumen/psv/?dari=semak"


def test_strangers_are_sent_to_the_log_in(client):
    assert client.get(URL).headers["Location"].startswith("/log-masuk/")
