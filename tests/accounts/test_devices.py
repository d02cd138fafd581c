"""Known devices, log-ins and sessions, and the page that lists and ends them."""

from datetime import timedelta

import pytest

from accounts.browser import browser_name
from accounts.models import KnownDevice, LogIn
from accounts.services.devices import forget_devices, remember_device
from foundation.audit import AuditEvent
from tests.accounts.pages import enter, lands
from tests.browser import Browser
from tests.factories import AT, PASSWORD, make_user


@pytest.fixture
def aminah(db):
    return make_user()


def knows(secret, at=AT):
    """Whom a browser's cookie knows."""
    return {device.user for device in KnownDevice.objects.good(at).with_secret(secret)}


def test_only_a_hash_is_kept(aminah):
    device = remember_device(user=aminah, old_secret="", at=AT)
    assert len(device.secret) == 43
    assert device.secret not in str(KnownDevice.objects.values())
    assert KnownDevice.objects.get().secret == ""
    assert device.secret not in str(device)


def test_it_is_known_for_thirty_days(aminah):
    secret = remember_device(user=aminah, old_secret="", at=AT).secret
    assert knows(secret, AT + timedelta(days=30, seconds=-1)) == {aminah}
    assert knows(secret, AT + timedelta(days=30)) == set()


def test_a_planted_cookie_never_becomes_a_known_device(aminah):
    device = remember_device(user=aminah, old_secret="planted", at=AT)
    assert device.secret != "planted"
    assert knows("planted") == set()


def test_remembering_again_replaces_the_secret_and_takes_others_along(aminah):
    spouse = make_user("Suami Aminah")
    first = remember_device(user=aminah, old_secret="", at=AT).secret
    second = remember_device(user=spouse, old_secret=first, at=AT).secret
    third = remember_device(user=spouse, old_secret=second, at=AT).secret
    assert knows(first) == knows(second) == set()
    assert knows(third) == {aminah, spouse}
    assert KnownDevice.objects.count() == 2


def test_forgetting_is_for_one_user(aminah):
    spouse = make_user("Suami Aminah")
    secret = remember_device(user=aminah, old_secret="", at=AT).secret
    secret = remember_device(user=spouse, old_secret=secret, at=AT).secret
    forget_devices(user=aminah)
    assert knows(secret) == {spouse}


# --- the page ------------------------------------------------------------------------------
PATH = "/profil/peranti/"
ANDROID = "Mozilla/5.0 (Linux; Android 13) Chrome/141.0 Mobile Safari/537.36"


@pytest.fixture
def on_her_phone(client, aminah):
    """Aminah logged in on her phone, which she let the portal remember."""
    client.defaults["HTTP_USER_AGENT"] = ANDROID
    return enter(client, aminah)


@pytest.fixture
def elsewhere(aminah, on_her_phone, clock):
    """And on a computer, an hour later."""
    clock.shift(timedelta(minutes=20))
    computer = Browser(HTTP_USER_AGENT="Firefox/143.0 Windows")
    computer.log_in = enter(computer, aminah)
    return computer


def test_it_lists_known_devices_and_log_ins(client, elsewhere):
    page = client.get(PATH).text
    assert page.count("<strong>Chrome, Android</strong>") == 1
    assert "10:00\xa0pagi</strong> · Chrome, Android" in page
    assert "10:20\xa0pagi</strong> · Firefox, Windows" in page
    assert page.count(">Peranti ini</span>") == 2  # among the devices and among the log-ins
    assert page.count(">Masih log masuk</span>") == 1


def test_a_forgotten_device_is_logged_out_and_unknown(client, elsewhere, aminah):
    device = elsewhere.log_in.device
    assert lands(client.post(f"{PATH}{device.pk}/lupakan/"), PATH)
    assert elsewhere.get("/saya/").status_code == 302
    assert client.get("/saya/").status_code == 200
    assert list(aminah.known_devices.all()) == [aminah.log_ins.earliest("pk").device]


def test_this_device_forgotten_logs_this_browser_out(client, on_her_phone):
    assert lands(client.post(f"{PATH}{on_her_phone.device.pk}/lupakan/"), "/log-masuk/")
    assert client.get("/saya/").status_code == 302


def test_a_log_in_is_ended_even_when_its_session_got_another_key(client, elsewhere):
    elsewhere.get("/profil/ungkapan/")
    elsewhere.post("/profil/pengesahan/", {"password": PASSWORD})
    assert lands(client.post(f"/profil/log-masuk/{elsewhere.log_in.pk}/tamatkan/"), PATH)
    assert elsewhere.get("/saya/").status_code == 302
    assert "Masih log masuk" not in client.get(PATH).text


def test_everything_ends_at_once(client, elsewhere, aminah):
    assert lands(client.post("/profil/log-keluar-semua/"), "/log-masuk/")
    for browser in (client, elsewhere):
        assert browser.get("/saya/").status_code == 302
    assert not aminah.known_devices.exists()
    actions = [event.action for event in AuditEvent.objects.filter(by=aminah)]
    assert "logged_out_everywhere" in actions


def test_another_driver_ends_nothing_of_hers(client, on_her_phone):
    chandran = Browser()
    chandran.force_login(make_user("Chandran a/l Muthu"))
    pk, device = on_her_phone.pk, on_her_phone.device.pk
    assert chandran.post(f"{PATH}{device}/lupakan/").status_code == 404
    assert chandran.post(f"/profil/log-masuk/{pk}/tamatkan/").status_code == 404
    assert client.get("/saya/").status_code == 200


def test_a_get_ends_nothing(client, on_her_phone):
    assert client.get("/profil/log-keluar-semua/").status_code == 405
    assert client.get(f"{PATH}{on_her_phone.device.pk}/lupakan/").status_code == 405


@pytest.mark.parametrize("count", [1, 50])
def test_its_queries_are_few_and_fixed(client, aminah, count, django_assert_max_num_queries):
    for number in range(count):
        device = remember_device(user=aminah, old_secret="", at=AT)
        LogIn.objects.create(user=aminah, device=device, browser=str(number), at=AT)
    client.force_login(aminah)
    client.get(PATH)
    with django_assert_max_num_queries(4):
        client.get(PATH)


def test_it_is_not_for_strangers(client, db):
    assert client.get(PATH).url.startswith("/log-masuk/")


def test_a_browser_without_a_name_is_told_in_the_language_of_the_page(client, aminah):
    client.force_login(aminah)
    LogIn.objects.create(user=aminah, at=AT, browser=browser_name(""))
    assert "Pelayar tidak dikenali" in client.get("/profil/peranti/").text
    assert "Unknown browser" in client.get("/en/profil/peranti/").text
