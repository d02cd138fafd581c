"""Step 8: the IC number."""

from datetime import timedelta

import pytest

from foundation.alarms import Alarm
from tests.accounts.pages import errors, lands
from tests.browser import Browser
from tests.factories import PASSWORD, make_account, make_code, make_user

PATH = "/log-masuk/"
AMINAH = {"ic_number": "850101-14-5523"}


def test_it_asks_for_the_ic_number(client, db, django_assert_max_num_queries):
    with django_assert_max_num_queries(6):
        page = client.get(PATH).text
    assert "<h1>Log masuk</h1>" in page
    assert ">Nombor kad pengenalan</label>" in page
    assert ">Seterusnya</button>" in page
    assert '<a href="/daftar/">Kali pertama? Daftar akaun iPERKESO?</a>' in page


@pytest.mark.parametrize("typed", ["850101-14-5523", " 850101145523 ", "850101 14 5523"])
def test_it_leads_to_the_password(client, db, typed):
    assert lands(client.post(PATH, {"ic_number": typed}), "/log-masuk/kata-laluan/")


def test_the_session_keeps_the_ic_number_encrypted(client, db):
    client.post(PATH, AMINAH)
    assert "850101145523" not in str(dict(client.session))


@pytest.mark.parametrize(
    ("typed", "sentence"),
    [
        ("", "Masukkan nombor kad pengenalan anda"),
        ("85010114552", "Nombor kad pengenalan mesti 12 angka"),
        ("850101-14-552O", "Nombor kad pengenalan mesti angka 0 hingga 9 sahaja"),
        (
            "1234567",
            "Ini nombor kad pengenalan lama. Masukkan nombor 12 angka pada MyKad anda",
        ),
        ("850230-14-5523", "Enam angka pertama mesti tarikh lahir yang sah"),
        ("850101-17-5523", "Angka ketujuh dan kelapan mesti kod tempat lahir yang sah"),
    ],
)
def test_each_mistake_has_its_sentence(client, db, typed, sentence):
    response = client.post(PATH, {"ic_number": typed})
    assert errors(response, "ic_number") == [sentence]
    assert response.context["form"]["ic_number"].value() == typed


def test_one_network_may_look_at_only_so_many_phrases(client, db, settings, clock):
    settings.LIMITS = settings.LIMITS | {"ic_per_network": (2, timedelta(hours=1))}
    for _look in range(2):
        assert lands(client.post(PATH, AMINAH), "/log-masuk/kata-laluan/")
    too_many = ["Terlalu banyak cubaan. Cuba lagi selepas 60 minit"]
    assert errors(client.post(PATH, AMINAH), "ic_number") == too_many
    same_network = client.post(PATH, AMINAH, REMOTE_ADDR="127.0.0.200")
    assert errors(same_network, "ic_number") == too_many
    elsewhere = client.post(PATH, AMINAH, REMOTE_ADDR="2001:db8:1:2::3")
    assert lands(elsewhere, "/log-masuk/kata-laluan/")
    clock.shift(timedelta(hours=1))
    assert lands(client.post(PATH, AMINAH), "/log-masuk/kata-laluan/")


def test_who_proves_his_phone_passes_a_network_that_a_stranger_used_up(client, db, settings):
    settings.LIMITS = settings.LIMITS | {"ic_per_network": (1, timedelta(hours=1))}
    boon = make_account(phone="+60123456789")
    for ic_number in ("900315105012", "900315105014"):
        refused = Browser().post(PATH, {"ic_number": ic_number})
    assert Alarm.objects.get().kind == "phrases_looked_up"
    assert 'href="/lupa-kata-laluan/">Buktikan telefon anda</a>' in refused.text
    client.post("/lupa-kata-laluan/", {"ic_number": boon.ic_number, "phone": "012-345 6789"})
    client.post("/lupa-kata-laluan/otp/", {"code": make_code(boon, "reset")})
    answer = client.post(PATH, {"ic_number": boon.ic_number})
    assert lands(answer, "/log-masuk/kata-laluan/")
    assert lands(client.post("/log-masuk/kata-laluan/", {"password": PASSWORD}), "/mod/")


def test_honest_log_ins_do_not_use_the_network_up(client, db, settings):
    """Hundreds of drivers share one address of a mobile carrier."""
    settings.LIMITS = settings.LIMITS | {"ic_per_network": (1, timedelta(hours=1))}
    for _driver in range(3):
        driver = make_account()
        client.post(PATH, {"ic_number": driver.ic_number})
        answer = client.post("/log-masuk/kata-laluan/", {"password": PASSWORD})
        assert lands(answer, "/log-masuk/otp/")


def test_a_nameless_sender_is_counted_too(client, db):
    assert lands(client.post(PATH, AMINAH, REMOTE_ADDR=""), "/log-masuk/kata-laluan/")


def test_who_is_signed_in_goes_on(client, db):
    client.force_login(make_user())
    assert lands(client.get(PATH), "/mod/")
    assert lands(client.post(PATH, AMINAH), "/mod/")


@pytest.mark.parametrize(
    ("wanted", "kept"),
    [
        ("/pendaftaran/jenis/", "/pendaftaran/jenis/"),
        ("https://evil.example/", None),
        ("//evil.example/", None),
        ("javascript:alert(1)", None),
        ("", None),
    ],
)
def test_only_a_page_of_ours_is_kept_for_later(client, db, wanted, kept):
    client.get(PATH, {"next": wanted})
    assert client.session.get("next") == kept
