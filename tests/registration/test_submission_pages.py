"""Submitting without paying again; not eligible; referred; another registration."""

from datetime import date, timedelta
from uuid import uuid4

import pytest

from registration.models import DocumentRule, Registration
from tests.factories import make_document, make_registration, make_user

pytestmark = pytest.mark.django_db
SUBMIT = "/pendaftaran/hantar/"
NOT_ELIGIBLE = "/pendaftaran/tidak-layak/"
REFERRED = "/pendaftaran/dirujuk/"
HOUR = timedelta(hours=1)


@pytest.fixture
def boon(client):
    boon = make_user("Boon")
    client.force_login(boon)
    return boon


# --- submit --------------------------------------------------------------------------------
def test_what_the_rules_refer_is_sent_to_an_officer(client, boon):
    make_registration(boon, region="sabah")
    answer = client.post(SUBMIT, follow=True)
    assert answer.redirect_chain == [(REFERRED, 302)]
    assert "Pegawai perlu menyemak dahulu" in answer.text
    assert Registration.objects.get().status == "referred"


def test_what_was_returned_is_sent_again_without_paying(client, boon, at):
    registration = make_registration(boon, "returned", at=at - HOUR)
    make_document(registration, "psv", at=at)
    answer = client.post(SUBMIT, follow=True)
    assert answer.redirect_chain == [("/pendaftaran/", 302)]
    assert "Sedang disemak" in answer.text
    assert Registration.objects.get().is_awaiting_review


def test_what_was_returned_is_not_sent_again_as_it_was(client, boon):
    make_registration(boon, "returned")
    answer = client.post(SUBMIT, follow=True)
    assert answer.redirect_chain == [("/pendaftaran/", 302)]
    assert "Betulkan perkara yang diminta, kemudian hantar semula" in answer.text
    row = Registration.objects.get()
    assert (row.status, row.reason, row.may_pay) == ("returned", "blurred", False)


def test_a_first_registration_is_sent_with_its_payment_only(client, boon):
    make_registration(boon)
    assert client.post(SUBMIT).headers["Location"] == "/caruman/pelan/"
    assert Registration.objects.get().status == "draft"


def test_what_the_rules_refuse_is_not_sent(client, boon):
    registration = make_registration(boon, "returned")
    make_document(registration, "psv", expiry_date=date(2026, 11, 21))
    assert client.post(SUBMIT).headers["Location"] == NOT_ELIGIBLE
    assert Registration.objects.get().status == "returned"


def test_a_get_submits_nothing(client, boon):
    make_registration(boon)
    assert client.get(SUBMIT).headers["Location"] == "/pendaftaran/"
    assert Registration.objects.get().status == "draft"


def test_out_of_turn_nothing_is_sent(client, boon):
    make_registration(boon, "referred")
    assert client.post(SUBMIT).headers["Location"] == "/pendaftaran/"


# --- not eligible --------------------------------------------------------------------------
def test_every_reason_comes_with_its_way_out(client, boon):
    draft = make_registration(boon, kinds=["lesen"])
    make_document(draft, "lesen", expiry_date=date(2026, 11, 21))
    page = client.get(NOT_ELIGIBLE)
    for words in [
        "Anda belum layak mendaftar",
        "Lesen memandu anda sudah tamat tempoh",
        "Perbaharui lesen di JPJ",
        'href="/pendaftaran/dokumen/lesen/"',
        "Dokumen kedua anda belum dimuat naik",
        'href="/pendaftaran/dokumen/kad-pemandu/"',
    ]:
        assert words in page.text


def test_whom_no_document_helps_is_asked_for_none(client, boon):
    make_registration(boon, citizenship="other", kinds=[])
    page = client.get(NOT_ELIGIBLE)
    assert "Anda tidak layak mendaftar" in page.text
    assert "Skim ini hanya untuk warganegara" in page.text
    assert 'href="/pendaftaran/maklumat/"' in page.text
    assert "/pendaftaran/dokumen/" not in page.text


def test_E10_names_the_cards_instead_of_the_profile(client, boon):
    make_registration(boon, sector="e_hailing", kinds=["lesen", "profil-pemandu"])
    page = client.get(NOT_ELIGIBLE)
    assert "Profil Pemandu tidak lagi diterima" in page.text
    assert "Muat naik Kad PSV" in page.text
    assert "Muat naik Kad Pemandu" in page.text


def test_whoever_is_too_young_reads_from_when_he_may(client):
    boon = make_user("Boon", ic_number="051123100001")
    make_registration(boon)
    client.force_login(boon)
    page = client.get(NOT_ELIGIBLE)
    assert "tiada dokumen diterima sebelum itu. Anda boleh mendaftar mulai" in page.text
    assert "mulai 23\xa0Nov\xa02026" in page.text
    assert "Muat naik dokumen yang diterima" not in page.text


def test_whoever_is_eligible_has_no_such_page(client, boon):
    make_registration(boon)
    assert client.get(NOT_ELIGIBLE).headers["Location"] == "/pendaftaran/"


def test_whoever_has_not_begun_begins(client, boon):
    assert client.get(NOT_ELIGIBLE).headers["Location"] == "/pendaftaran/jenis/"


def test_without_rules_it_says_what_is_wrong_all_the_same(client, boon):
    make_registration(boon)
    DocumentRule.objects.all().delete()
    page = client.get(NOT_ELIGIBLE)
    assert "tidak diterima di kawasan ini" in page.text
    assert "Tiada dokumen kedua diterima bagi perkhidmatan dan kawasan ini sekarang" in page.text
    assert "Muat naik dokumen yang diterima" not in page.text


# --- referred ------------------------------------------------------------------------------
def test_referred_says_that_nothing_can_be_paid_yet(client, boon):
    make_registration(boon, "referred")
    page = client.get(REFERRED).text
    assert "apabila anda boleh memilih pelan dan membayar" in page
    assert "Perlindungan bermula apabila caruman dibayar" in page


def test_whose_money_came_before_is_not_told_to_pay(client, boon, at):
    make_registration(boon, "referred")
    Registration.objects.update(queued_at=at)
    for page in (REFERRED, "/pendaftaran/", "/saya/"):
        text = client.get(page).text
        assert "Anda tidak perlu membayar lagi" in text
        assert "Anda boleh membayar selepas" not in text
        assert "boleh memilih pelan" not in text


@pytest.mark.parametrize("status", ["draft", "submitted", "approved"])
def test_whoever_is_not_referred_has_no_such_page(client, boon, status):
    make_registration(boon, status)
    assert client.get(REFERRED).headers["Location"] == "/pendaftaran/"


# --- choose --------------------------------------------------------------------------------
def test_he_goes_on_with_another_registration(client, boon, at):
    taxi = make_registration(boon, sector="taxi", at=at - 2 * HOUR)
    make_registration(boon, "approved", sector="bus", at=at - HOUR)
    answer = client.post(f"/pendaftaran/{taxi.public_id}/pilih/")
    assert answer.headers["Location"] == "/pendaftaran/"
    assert Registration.objects.for_user(boon).current() == taxi


def test_a_get_chooses_nothing(client, boon, at):
    taxi = make_registration(boon, sector="taxi", at=at - 2 * HOUR)
    bus = make_registration(boon, "approved", sector="bus", at=at - HOUR)
    answer = client.get(f"/pendaftaran/{taxi.public_id}/pilih/")
    assert answer.headers["Location"] == "/pendaftaran/"
    assert Registration.objects.for_user(boon).current() == bus


def test_he_does_not_go_on_with_somebody_elses(client, boon):
    other = make_registration(make_user("Aminah"), "approved")
    assert client.post(f"/pendaftaran/{other.public_id}/pilih/").status_code == 404
    assert client.post(f"/pendaftaran/{uuid4()}/pilih/").status_code == 404


def test_he_does_not_go_on_with_what_was_rejected(client, boon):
    rejected = make_registration(boon, "rejected")
    assert client.post(f"/pendaftaran/{rejected.public_id}/pilih/").status_code == 404


@pytest.mark.parametrize("url", [SUBMIT, NOT_ELIGIBLE, REFERRED])
def test_strangers_are_sent_to_the_log_in(client, url):
    assert client.get(url).headers["Location"].startswith("/log-masuk/")
