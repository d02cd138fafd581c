"""Links that close while their page is open."""

import pytest

from accounts.models import EmailLink
from accounts.services.links import ClosedLink, used_link
from accounts.services.opening import open_account
from tests.accounts.pages import CREDENTIALS, open_link
from tests.factories import (
    AT,
    PASSWORD,
    PHRASE,
    make_account,
    make_sign_up,
    make_token,
    make_user,
    prove_phone,
)

ACTIVATE, RESET = EmailLink.Purpose.ACTIVATE, EmailLink.Purpose.RESET


def test_a_used_link_opens_nothing_again(db):
    aminah = make_account()
    with pytest.raises(ClosedLink) as refusal:
        open_account(
            link_id=aminah.links.get().pk,
            phrase="lain sekali",
            password="lain sekali lagi",
            old_secret="",
            at=AT,
        )
    assert refusal.value.reason == "used"
    aminah.refresh_from_db()
    assert aminah.secret_phrase == PHRASE
    assert aminah.check_password(PASSWORD)


@pytest.mark.parametrize("purpose", [ACTIVATE, RESET])
def test_a_link_that_is_not_there_is_unknown(db, purpose):
    with pytest.raises(ClosedLink, match="unknown"), used_link(0, purpose, at=AT):
        pass


def test_a_link_serves_its_purpose_only(db):
    boon = make_sign_up()
    prove_phone(boon)
    make_token(boon)
    with pytest.raises(ClosedLink), used_link(boon.links.get().pk, RESET, at=AT):
        pass
    assert boon.links.get().used_at is None


def test_what_fails_leaves_the_link_good(db):
    boon = make_sign_up()
    prove_phone(boon)
    make_token(boon)
    with pytest.raises(ZeroDivisionError), used_link(boon.links.get().pk, ACTIVATE, at=AT):
        _ = 1 / 0
    assert boon.links.get().why_closed(AT) == ""


@pytest.mark.parametrize(
    ("purpose", "path", "act"),
    [
        (ACTIVATE, "/akaun/lengkapkan/", "accounts.views.links.open_account"),
        (RESET, "/lupa-kata-laluan/baharu/", "accounts.services.password_reset.set_new_password"),
        (EmailLink.Purpose.OFFICER, "/pegawai/", "accounts.views.officers.open_officer"),
    ],
)
def test_a_link_that_another_tab_uses_first_has_an_honest_page(
    client, db, monkeypatch, purpose, path, act
):
    user = make_user()
    user.authenticator_set.create(name="telefon", confirmed=False)
    link = EmailLink.objects.create(user=user, purpose=purpose, requested_at=AT)
    assert open_link(client, user, str(purpose)) == path

    def lose_the_race(**asked):
        EmailLink.objects.filter(pk=link.pk).update(used_at=AT)
        raise ClosedLink("used")

    monkeypatch.setattr(act, lose_the_race)
    page = client.post(path, CREDENTIALS | {"token": "123456"})
    assert "Pautan ini sudah digunakan." in page.text
