"""The profile: the account on one page, and the ways to change it."""

import re

import pytest

from accounts.models import Consent, Correction, User
from accounts.services import corrections
from foundation.refusals import SameOfficer
from foundation.wording import local_phone
from tests.factories import PASSWORD, make_officer, make_user
from tests.reading import in_one_line

PATH = "/profil/"


@pytest.fixture
def aminah(client, db):
    aminah = make_user(ic_number="850101145523")
    client.force_login(aminah)
    return aminah


def test_it_shows_the_account_masked(client, aminah):
    page = client.get(PATH).text
    assert "<h1>Profil saya</h1>" in page
    for shown in ("Aminah binti Ali", "••••••-••-5523", "p••@contoh.com", "Bahasa Melayu"):
        assert shown in page
    for hidden in ("850101145523", aminah.email, aminah.phone, aminah.secret_phrase):
        assert hidden not in page


def test_each_row_has_its_way_to_change(client, aminah):
    page = client.get(PATH).text
    changes = re.findall(r'href="(/profil/[^"]+)"', page)
    assert changes == [
        "/profil/nama/",
        "/profil/telefon/",
        "/profil/e-mel/",
        "/profil/kata-laluan/",
        "/profil/ungkapan/",
        "/profil/bahasa/",
        "/profil/tunjuk/",
        "/profil/peranti/",
        "/profil/salinan/",
        "/profil/tutup/",
    ]


def test_phone_and_address_are_whole_for_who_types_the_password(client, aminah):
    assert 'href="/profil/tunjuk/"' in client.get(PATH).text
    answer = client.get("/profil/tunjuk/")
    assert answer.headers["Location"] == "/profil/pengesahan/"
    answer = client.post("/profil/pengesahan/", {"password": PASSWORD})
    assert answer.headers["Location"] == "/profil/tunjuk/"
    page = client.get("/profil/tunjuk/")
    assert local_phone(aminah.phone) in page.text
    assert aminah.email in page.text
    assert "no-store" in page.headers["Cache-Control"]
    assert aminah.email not in client.get(PATH).text


def test_a_name_is_put_right_once_an_officer_has_agreed(client, aminah, at):
    client.get("/profil/nama/")
    client.post("/profil/pengesahan/", {"password": PASSWORD})
    answer = client.post("/profil/nama/", {"full_name": "Aminah binti Alias"}, follow=True)
    assert answer.redirect_chain == [(PATH, 302)]
    assert "Permintaan dihantar. Pegawai akan memutuskannya" in answer.text
    assert User.objects.get(pk=aminah.pk).full_name == "Aminah binti Ali"
    correction = Correction.objects.get()
    assert (correction.proposed_by, correction.ic_number) == (aminah, aminah.ic_number)
    with pytest.raises(SameOfficer):
        corrections.approve_correction(correction=correction, by=aminah, at=at)
    corrections.approve_correction(correction=correction, by=make_officer(), at=at)
    assert User.objects.get(pk=aminah.pk).full_name == "Aminah binti Alias"


def test_a_name_is_asked_for_once(aminah, at):
    corrections.request_correction(user=aminah, full_name="Aminah binti Alias", at=at)
    with pytest.raises(corrections.AlreadyProposed):
        corrections.request_correction(user=aminah, full_name="Aminah Alias", at=at)


def test_it_is_linked_from_every_page(client, aminah):
    assert '<a href="/profil/">Profil</a>' in in_one_line(client.get("/saya/").text)


def test_consents_stand_there_with_version_language_and_moment(client, aminah, at):
    Consent.objects.create(user=aminah, version="2026-11", language="en", at=at)
    page = client.get(PATH).text
    assert "Versi 2026-11, dibaca pada 22\xa0Nov\xa02026, 10:00\xa0pagi (English)" in in_one_line(
        page
    )


@pytest.mark.parametrize("count", [1, 50])
def test_its_queries_are_few_and_fixed(client, aminah, at, count, django_assert_max_num_queries):
    for number in range(count):
        Consent.objects.create(user=aminah, version=str(number), language="ms", at=at)
    client.get(PATH)
    with django_assert_max_num_queries(1 + 4):  # the session's, and the page's
        client.get(PATH)


def test_it_is_not_for_strangers(client, db):
    assert client.get(PATH).url == "/log-masuk/?next=/profil/"
