"""Officers: invited by a one-time link where they set a password and scan their TOTP."""

from base64 import b32encode
from dataclasses import dataclass
from datetime import datetime

from django.contrib.auth.models import Group
from django.db import transaction
from django.utils.translation import gettext_lazy as _
from django.views.decorators.debug import sensitive_variables

from accounts.models import Authenticator, EmailLink, RecoveryDevice, User
from accounts.services import devices, links, persons, proof, sessions
from accounts.services.recovery_codes import make_recovery_codes
from foundation import audit
from foundation.refusals import Refusal


class OfficerExists(Exception):
    """The name is taken."""


class UnknownGroup(Exception):
    """No group of officers has this name."""


class WrongToken(Refusal):
    """The authenticator's digits are not right."""

    words = _("Kod pengesah tidak betul. Masukkan kod terkini pada aplikasi pengesah")


class TooSoon(Refusal):
    """After wrong digits the authenticator is not looked at for a while."""

    words = _("Terlalu banyak kod pengesah yang salah. Tunggu sebentar, kemudian cuba lagi")


@dataclass(frozen=True)
class Totp:
    """What an authenticator needs: the secret to type in base32, or the url of its picture."""

    secret: str
    url: str


def totp_of(officer: User) -> Totp:
    """The authenticator that an invited officer has yet to confirm."""
    device = Authenticator.objects.get(user=officer, confirmed=False)
    return Totp(b32encode(device.bin_key).decode(), device.config_url)


def group_names() -> list[str]:
    return list(Group.objects.order_by("pk").values_list("name", flat=True))


def invite_officer(
    *, username: str, full_name: str, group: str, is_superuser: bool, at: datetime
) -> str:
    """Makes an officer who cannot log in yet; returns the token of their link, good for a day.

    An officer who was invited but did not come gets a new link. Without a group only a superuser
    may do anything. Raises OfficerExists and UnknownGroup.
    """
    groups = Group.objects.filter(name=group)
    if group and not groups:
        raise UnknownGroup
    with transaction.atomic():
        fields = {"full_name": full_name, "created_at": at, "is_staff": True}
        officers = User.objects.select_for_update()
        officer, is_new = officers.get_or_create(username=username, defaults=fields)
        if not is_new and (officer.is_active or not officer.is_staff):
            raise OfficerExists
        officer.is_superuser = is_superuser
        officer.groups.set(groups)
        token = _new_link(officer, at)
        audit.record("officer_invited", subject=officer, at=at, group=group)
    return token


def close_officer(*, username: str, at: datetime) -> None:
    """Ends an officer's sessions, lets them in no more; what they did stays. Raises DoesNotExist.

    Whoever lost the authenticator and the recovery codes is closed and invited anew.
    """
    with transaction.atomic():
        officer = User.objects.select_for_update().get(username=username, is_staff=True)
        officer.is_active = False
        officer.set_unusable_password()
        officer.save()
        for proofs in (Authenticator, RecoveryDevice):
            proofs.objects.filter(user=officer).delete()
        devices.forget_devices(user=officer)
        audit.record("officer_closed", subject=officer, at=at)


def _new_link(officer: User, at: datetime) -> str:
    """Whoever has the link sets password and authenticator; until then nobody is let in."""
    officer.set_unusable_password()
    officer.save()
    device = {"name": "Pengesah"}
    Authenticator.objects.get_or_create(user=officer, confirmed=False, defaults=device)
    purpose = EmailLink.Purpose.OFFICER
    link = EmailLink.objects.create(user=officer, purpose=purpose, requested_at=at)
    return link.make_token(at)


@sensitive_variables("password", "token")
def open_officer(
    *, link_id: int, password: str, token: str, at: datetime
) -> tuple[User, list[str]]:
    """Sets an officer's password and confirms their authenticator; uses the link up.

    Returns the officer's first recovery codes, too, which can be told only now: without any,
    strangers who guess could keep the officer out of a new browser.

    Raises ClosedLink and WrongToken; then the link stays good.
    """
    with links.used_link(link_id, EmailLink.Purpose.OFFICER, at=at) as link:
        officer: User = link.user
        device = Authenticator.objects.select_for_update().get(user=officer, confirmed=False)
        if not device.verify_token(token):
            raise WrongToken
        device.confirmed = True
        device.save()
        officer.set_password(password)
        officer.is_active = True
        officer.save(update_fields=["password", "is_active"])
        audit.record("officer_opened", subject=officer, by=officer, at=at)
        codes = make_recovery_codes(officer=officer, at=at)
    return officer, codes


@sensitive_variables("old_password", "password")
def change_password(*, officer: User, old_password: str, password: str, at: datetime) -> None:
    """Sets another password, ends every session and forgets the browsers; it is an event.

    The caller keeps this session. Raises WrongOwnPassword, which is an event too, and TooMany.
    """
    proof.prove_password(user=officer, password=old_password, at=at)
    with transaction.atomic():
        persons.lock_account(officer.pk)
        officer.set_password(password)
        officer.save(update_fields=["password"])
        devices.forget_devices(user=officer)
        sessions.end_sessions(user=officer)
        audit.record("officer_password_changed", subject=officer, by=officer, at=at)


@sensitive_variables("token")
def confirm_totp(*, officer: User, token: str, at: datetime) -> None:
    """Takes digits that the officer's authenticator shows now, once; either way it is an event.

    Raises WrongToken and TooSoon; each wrong try doubles the wait.
    """
    with transaction.atomic():
        device = Authenticator.objects.select_for_update().get(user=officer, confirmed=True)
        is_allowed, _why = device.verify_is_allowed()
        is_right = is_allowed and device.verify_token(token)
        action = "totp_confirmed" if is_right else "totp_refused"
        audit.record(action, subject=officer, by=officer, at=at)
    if not is_allowed:
        raise TooSoon
    if not is_right:
        raise WrongToken


@sensitive_variables("password", "key")
def keep_development_officers(*, password: str, key: str, at: datetime) -> tuple[list[str], Totp]:
    """Makes or restores a development copy's officers: one who may do everything, one a group.

    All have the same password and authenticator; `key` is its secret in hex. Returns their names,
    their first, and the authenticator.
    """
    names = ["pegawai", *group_names()]
    with transaction.atomic():
        for name in names:
            officer = _restore(name, password, at)
            officer.groups.set(Group.objects.filter(name=name))
            device, _is_new = Authenticator.objects.update_or_create(
                user=officer, defaults={"name": "Pengesah", "key": key, "confirmed": True}
            )
    return names, Totp(b32encode(device.bin_key).decode(), device.config_url)


@sensitive_variables("password")
def _restore(name: str, password: str, at: datetime) -> User:
    officer, _is_new = User.objects.get_or_create(
        username=name, defaults={"full_name": f"Pegawai ({name})", "created_at": at}
    )
    officer.is_staff = officer.is_active = True
    officer.is_superuser = name == "pegawai"
    if not officer.check_password(password):
        officer.set_password(password)
    officer.save()
    return officer
