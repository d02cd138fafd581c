"""The profile: the account on one page, and the ways to change it."""

import re

import pytest

from accounts.models import Consent
from tests.factories import make_user
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
        "/profil/telefon/",
        "/profil/e-mel/",
        "/profil/kata-laluan/",
        "/profil/ungkapan/",
        "/profil/bahasa/",
        "/profil/peranti/",
        "/profil/salinan/",
        "/profil/tutup/",
    ]


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
