"""While a file is read, and what follows: the next page, a refusal, or a hint."""

import re

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
from tests.reading import in_one_line

pytestmark = pytest.mark.django_db
URL = "/pendaftaran/dokumen/lesen/diproses/"
ASKED = "/pendaftaran/dokumen/lesen/guna/"


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


def test_a_photo_that_may_be_hard_to_read_is_shown_and_asked_about(client, draft):
    shown = make_document(draft, hints=["dark", "soft"])
    assert client.head(URL).headers["Location"] == ASKED
    page = client.get(f"{URL}?dari=semak", follow=True)
    assert page.redirect_chain == [(f"{ASKED}?dari=semak", 302)]
    assert page.text.count("Gambar ini gelap.") == 1
    assert page.text.count("Gambar ini kabur.") == 1
    assert f'src="/pendaftaran/dokumen/{shown.public_id}/fail/"' in page.text
    assert 'href="/pendaftaran/dokumen/?dari=semak">Guna juga</a>' in page.text
    retake = "/pendaftaran/dokumen/lesen/?dari=semak&amp;ambil=semula"
    assert f'href="{retake}">Ambil semula</a>' in page.text


def test_whoever_takes_it_again_sends_a_new_file(client, draft):
    make_document(draft, hints=["dark"])
    form = client.get("/pendaftaran/dokumen/lesen/?ambil=semula")
    assert "Tukar fail" not in form.text
    assert form.context["form"].kept is None
    assert form.context["form"]["number"].value() == "D1234567"


@pytest.mark.parametrize("hints", [[], ["notes"]])
def test_nothing_is_asked_about_a_good_photo(client, draft, hints):
    make_document(draft, hints=hints)
    assert client.get(URL).headers["Location"] == "/pendaftaran/dokumen/"
    assert client.get(ASKED).headers["Location"] == "/pendaftaran/dokumen/"


def test_notes_that_nobody_will_see_are_told_on_the_next_page(client, draft):
    make_document(draft, hints=["notes"])
    page = client.get(URL, follow=True)
    assert page.text.count("Lesen memandu diterima. Sebahagian nota") == 1


@pytest.mark.parametrize(
    ("kind", "words"), [("lesen", "selepas No. Pengenalan"), ("psv", "1 ialah nombor dokumen")]
)
def test_a_drawn_sample_shows_where_the_number_stands(client, draft, kind, words):
    page = in_one_line(client.get(f"/pendaftaran/dokumen/{kind}/").text)
    assert re.search(r'<img class="sample" src="/static/sample[^"]*\.svg"', page)
    assert words in page


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
