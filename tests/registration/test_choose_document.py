"""Which of the alternatives to the second document somebody has."""

import pytest

from tests.factories import make_registration, make_user

pytestmark = pytest.mark.django_db
URL = "/pendaftaran/dokumen/"


def drafting(client, **registration):
    """Boon in his browser, with his licence only."""
    boon = make_user("Boon")
    make_registration(boon, kinds=["lesen"], **registration)
    client.force_login(boon)


def test_on_the_peninsula_it_offers_either_card(client):
    drafting(client)
    page = client.get(URL)
    assert "Kad PSV" in page.text
    assert "Kad Pemandu" in page.text
    assert "Surat kebenaran" not in page.text
    assert "Profil Pemandu" not in page.text
    assert "Pegawai perlu menyemaknya dahulu" not in page.text


def test_in_sabah_it_says_that_an_officer_looks_at_cards_first(client):
    drafting(client, region="sabah")
    page = client.get(URL)
    assert page.text.index("Surat kebenaran") < page.text.index("Kad PSV")
    assert page.text.count("Pegawai perlu menyemaknya dahulu") == 2


def test_the_answer_leads_to_the_page_of_that_document(client):
    drafting(client)
    answer = client.post(f"{URL}?dari=semak", {"kind": "kad-pemandu"})
    assert answer.headers["Location"] == "/pendaftaran/dokumen/kad-pemandu/?dari=semak"


@pytest.mark.parametrize(
    ("answers", "code"), [({}, "required"), ({"kind": "surat-kebenaran"}, "invalid_choice")]
)
def test_each_wrong_answer_is_told(client, answers, code):
    drafting(client)
    page = client.post(URL, answers)
    assert page.context["form"].errors.as_data()["kind"][0].code == code


def test_where_there_is_no_choice_there_is_no_page(client):
    drafting(client, sector="bus")
    assert client.get(URL).headers["Location"] == "/pendaftaran/"


def test_strangers_are_sent_to_the_log_in(client):
    assert client.get(URL).headers["Location"].startswith("/log-masuk/")
