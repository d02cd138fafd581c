"""The link that for a day undoes a change of phone or address, and what was changed since."""

from datetime import timedelta

import pytest
from django.utils import timezone

from accounts.models import ContactChange, EmailLink
from accounts.services.contacts import make_change
from accounts.services.devices import remember_device
from foundation.outbox import OutboxRow
from foundation.wording import masked_email
from tests.accounts.pages import lands, open_link
from tests.browser import Browser
from tests.factories import AT, make_token, make_user

PATH = "/akaun/batal/"


@pytest.fixture
def aminah(db):
    return make_user(phone="+60123456789", email="aminah@contoh.com")


def change(user, at=AT, **new):
    """A change that was proved."""
    change = ContactChange.objects.create(user=user, requested_at=at, **new)
    make_change(change=change, session_key=None, at=at)
    return change


def reached(user):
    user.refresh_from_db()
    return user.phone, user.email


HERS = ("+60123456789", "aminah@contoh.com")


@pytest.mark.parametrize("new", [{"phone": "+60198765432"}, {"email": "pencuri@contoh.com"}])
def test_it_brings_the_old_end_back(client, aminah, new):
    change(aminah, **new)
    assert reached(aminah) != HERS
    assert open_link(client, aminah, "undo") == PATH
    assert "Batalkan perubahan" in client.get(PATH).text
    assert reached(aminah) != HERS  # a GET undoes nothing
    assert lands(client.post(PATH), "/lupa-kata-laluan/")
    assert reached(aminah) == HERS
    assert ContactChange.objects.get().undone_at == AT


def test_what_was_changed_since_is_undone_too(client, aminah):
    """A thief who takes phone and mailbox one after the other keeps neither."""
    change(aminah, email="pencuri@contoh.com")
    first = EmailLink.objects.get(purpose="undo")
    change(aminah, at=AT + timedelta(seconds=1), phone="+60198765432")
    token = first.make_token(AT)
    client.get(f"/akaun/batal/pautan/{token}/")
    client.post(PATH)
    assert reached(aminah) == HERS


@pytest.mark.parametrize("hours", [1, 23])
def test_the_newer_link_undoes_what_was_changed_before_it(client, aminah, clock, hours):
    """A thief took the phone, then the address; she opens the mail that came last."""
    change(aminah, phone="+60198765432")
    clock.shift(timedelta(hours=hours))
    change(aminah, at=timezone.now(), email="pencuri@contoh.com")
    open_link(client, aminah, "undo", at=timezone.now())
    answer = client.post(PATH, follow=True)
    assert reached(aminah) == HERS
    assert "telefon 012-" in answer.text
    assert f"e-mel {masked_email(HERS[1])}." in answer.text
    assert "Semua peranti telah dilog keluar" in answer.text
    assert not ContactChange.objects.in_force().exists()


def test_a_thief_who_takes_his_time_between_changes_keeps_nothing(client, aminah, clock):
    """Each within a day of the one before: her last link still reaches back to the first."""
    for new in ({"phone": "+60198765432"}, {"phone": "+60198765433"}, {"email": "x@contoh.com"}):
        change(aminah, at=timezone.now(), **new)
        clock.shift(timedelta(hours=23))
    open_link(client, aminah, "undo", at=timezone.now())
    client.post(PATH)
    assert reached(aminah) == HERS


def test_what_was_changed_more_than_a_day_before_stays(client, aminah, clock):
    change(aminah, phone="+60198765432")
    clock.shift(timedelta(hours=24))
    change(aminah, at=timezone.now(), email="pencuri@contoh.com")
    open_link(client, aminah, "undo", at=timezone.now())
    client.post(PATH)
    assert reached(aminah) == ("+60198765432", "aminah@contoh.com")


def test_the_thiefs_link_brings_her_own_ends_back_too(client, aminah):
    change(aminah, phone="+60198765432")
    change(aminah, at=AT + timedelta(seconds=1), email="pencuri@contoh.com")
    change(aminah, at=AT + timedelta(seconds=2), email="lain@contoh.com")
    open_link(client, aminah, "undo")
    client.post(PATH)
    assert reached(aminah) == HERS


def test_the_phone_that_came_back_is_told(client, aminah, work, gateway):
    change(aminah, phone="+60198765432")
    change(aminah, at=AT + timedelta(seconds=1), email="pencuri@contoh.com")
    OutboxRow.objects.all().delete()
    open_link(client, aminah, "undo")
    client.post(PATH)
    work()
    assert {to for to, text in gateway.texts if "telah dibatalkan" in text} == {
        "60123456789",
        "60198765432",
    }


def test_the_thief_cannot_bring_it_back(client, aminah):
    """His own link, that came when he changed the address once more, is out of use."""
    change(aminah, email="pencuri@contoh.com")
    change(aminah, at=AT + timedelta(seconds=1), email="lain@contoh.com")
    hers, his = EmailLink.objects.filter(purpose="undo").order_by("pk")
    hers_token, his_token = hers.make_token(AT), his.make_token(AT)
    client.get(f"/akaun/batal/pautan/{hers_token}/")
    client.post(PATH)
    thief = Browser()
    thief.get(f"/akaun/batal/pautan/{his_token}/")
    assert "Perubahan ini telah dihentikan atau dibatalkan" in thief.post(PATH).text
    assert reached(aminah) == HERS


def test_a_link_works_once(client, aminah):
    change(aminah, email="pencuri@contoh.com")
    open_link(client, aminah, "undo")
    other = Browser()
    other.get(f"/akaun/batal/pautan/{make_token(aminah, 'undo')}/")
    client.post(PATH)
    assert "sudah digunakan" in other.post(PATH).text


def test_every_session_and_device_ends(client, aminah):
    thief = Browser()
    thief.force_login(aminah)
    remember_device(user=aminah, old_secret="", at=AT)
    change(aminah, phone="+60198765432")
    open_link(client, aminah, "undo")
    client.post(PATH)
    assert thief.get("/profil/").status_code == 302
    assert not aminah.known_devices.exists()


def test_her_own_session_ends_without_an_error(client, aminah):
    client.force_login(aminah)
    change(aminah, phone="+60198765432")
    open_link(client, aminah, "undo")
    assert lands(client.post(PATH), "/lupa-kata-laluan/")


def test_both_ends_are_told_that_it_was_undone(client, aminah, work, mailoutbox, gateway):
    change(aminah, email="pencuri@contoh.com")
    open_link(client, aminah, "undo")
    client.post(PATH)
    work()
    assert ("pencuri@contoh.com", "Perubahan alamat e-mel telah dibatalkan") in [
        (mail.to[0], mail.subject) for mail in mailoutbox
    ]
    assert "telah dibatalkan" in gateway.texts[-1][1]


def test_it_works_for_a_day(client, aminah, clock):
    change(aminah, phone="+60198765432")
    token = make_token(aminah, "undo")
    clock.shift(timedelta(hours=24))
    client.get(f"/akaun/batal/pautan/{token}/")
    assert "tamat tempoh" in client.post(PATH).text
    assert reached(aminah)[0] == "+60198765432"


def test_another_link_undoes_nothing(client, aminah):
    change(aminah, email="baharu@contoh.com")
    session = client.session
    session["link"] = EmailLink.objects.create(
        user=aminah, purpose="reset", requested_at=AT, contact_change=None
    ).pk
    session.save()
    assert "Kami tidak mengenali pautan ini." in client.post(PATH).text


def test_its_queries_are_few(client, aminah, django_assert_max_num_queries):
    change(aminah, phone="+60198765432")
    open_link(client, aminah, "undo")
    with django_assert_max_num_queries(6):
        client.get(PATH)
