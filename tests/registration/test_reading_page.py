"""While a file is read, and what follows: the next page, a refusal, or a hint."""

import pytest

from contributions.services import plans
from registration.models import SupportingDocument
from registration.services import uploads
from tests.factories import (
    FAR,
    get_rate,
    make_document,
    make_file,
    make_registration,
    make_user,
    read,
)

pytestmark = pytest.mark.django_db
URL = "/pendaftaran/dokumen/lesen/diproses/"


@pytest.fixture
def draft(client):
    """Boon's, without documents, in his browser."""
    boon = make_user("Boon")
    client.force_login(boon)
    return make_registration(boon, kinds=[])


@pytest.fixture
def sent(draft, at):
    """His licence, which nobody has read yet."""
    return uploads.attach_document(
        registration=draft, kind="lesen", number="D1", expiry_date=FAR, file=make_file(), at=at
    )


def test_it_says_that_the_file_is_being_read_and_offers_a_plain_link(client, sent):
    page = client.get(f"{URL}?dari=semak")
    assert page.status_code == 200
    assert "Fail anda sedang diproses" in page.text
    assert "data-waiting" in page.text
    assert f'href="{URL}?dari=semak"' in page.text


def test_it_goes_on_once_the_file_is_good(client, sent):
    read(sent)
    assert client.get(URL).headers["Location"] == "/pendaftaran/dokumen/"


def test_after_the_last_document_comes_the_plan(client, draft):
    make_document(draft, "lesen")
    make_document(draft, "psv")
    answer = client.get("/pendaftaran/dokumen/psv/diproses/")
    assert answer.headers["Location"] == "/caruman/pelan/"


def test_a_card_in_sabah_leads_to_the_page_that_asks_an_officer(client):
    boon = make_user("Boon")
    make_registration(boon, region="sabah", kinds=["lesen", "psv"])
    client.force_login(boon)
    answer = client.get("/pendaftaran/dokumen/psv/diproses/", follow=True)
    assert answer.redirect_chain == [("/pendaftaran/", 302)]
    assert "Hantar untuk semakan" in answer.text


def test_a_refusal_leads_back_to_the_form(client, sent):
    SupportingDocument.objects.update(status="refused", refusal="locked")
    answer = client.get(f"{URL}?dari=semak")
    assert answer.headers["Location"] == "/pendaftaran/dokumen/lesen/?dari=semak"


def test_a_hint_is_given_on_the_next_page_and_blocks_nothing(client, draft):
    make_document(draft, hints=["dark", "soft"])
    assert client.head(URL).headers["Location"] == "/pendaftaran/dokumen/"
    page = client.get(URL, follow=True)
    assert page.redirect_chain == [("/pendaftaran/dokumen/", 302)]
    assert page.text.count("Lesen memandu diterima. Gambar ini gelap.") == 1
    assert page.text.count("Lesen memandu diterima. Gambar ini kabur.") == 1


def test_the_hint_stands_beside_the_answer_that_may_be_changed(client, at):
    aminah = make_user()
    registration = make_registration(aminah, kinds=["lesen"])
    make_document(registration, "psv", hints=["small"])
    plans.choose_plan(registration=registration, rate=get_rate(), at=at)
    client.force_login(aminah)
    assert "Gambar ini kecil" in client.get("/caruman/semak/").text


def test_without_a_document_it_leads_to_the_form(client, draft):
    assert client.get(URL).headers["Location"] == "/pendaftaran/dokumen/lesen/"


def test_the_next_step_is_to_wait_wherever_he_comes_from(client, sent):
    assert client.get("/pendaftaran/").context["next_url"] == URL
    page = client.get("/pendaftaran/")
    assert "Sedang diproses" in page.text


def test_nothing_is_paid_before_a_new_file_has_been_read(client, at):
    aminah = make_user()
    registration = make_registration(aminah, "submitted")
    client.force_login(aminah)
    uploads.attach_document(
        registration=registration, kind="psv", number="P2", expiry_date=FAR, file=make_file(), at=at
    )
    for page in ("/caruman/pelan/", "/caruman/semak/"):
        answer = client.get(page, follow=True)
        assert answer.redirect_chain == [("/pendaftaran/", 302)]
    assert answer.context["next_url"] == "/pendaftaran/dokumen/psv/diproses/"


@pytest.mark.parametrize("reading", [False, True])
def test_it_takes_few_queries(client, draft, at, reading, django_assert_max_num_queries):
    for _number in range(3):
        make_document(draft, at=at)
    if reading:
        uploads.attach_document(
            registration=draft, kind="lesen", number="D1", expiry_date=FAR, file=make_file(), at=at
        )
    client.get(URL)
    with django_assert_max_num_queries(6):
        client.get(URL)


def test_strangers_are_sent_to_the_log_in(client):
    assert client.get(URL).headers["Location"].startswith("/log-masuk/")
