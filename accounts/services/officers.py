"""Officers: invited by a one-time link where they set a password and scan their TOTP."""

from base64 import b32encode
from dataclasses import dataclass
from datetime import datetime

from django.contrib.auth.models import Group, Permission
from django.db import transaction
from django.db.models import Q
from django.utils.translation import gettext as _
from django.views.decorators.debug import sensitive_variables
from django_otp.plugins.otp_totp.models import TOTPDevice

from accounts.models import EmailLink, User
from accounts.services.links import used_link
from perkeso import audit

# Django's own tables, and the authenticators' secrets.
_MACHINERY = {"admin", "auth", "contenttypes", "otp_totp", "sessions"}


class OfficerExists(Exception):
    """The name is taken."""


class WrongToken(Exception):
    """The authenticator's digits are not right."""

    def __init__(self) -> None:
        super().__init__(_("Kod pengesah tidak betul. Masukkan kod terkini pada aplikasi pengesah"))


class TooSoon(Exception):
    """After wrong digits the authenticator is not looked at for a while."""

    def __init__(self) -> None:
        super().__init__(
            _("Terlalu banyak kod pengesah yang salah. Tunggu sebentar, kemudian cuba lagi")
        )


@dataclass(frozen=True)
class Totp:
    """What an authenticator needs: the secret to type in base32, or the url of its picture."""

    secret: str
    url: str


def totp_of(officer: User) -> Totp:
    """The authenticator that an invited officer has yet to confirm."""
    device = TOTPDevice.objects.get(user=officer, confirmed=False)
    return Totp(b32encode(device.bin_key).decode(), device.config_url)


def invite_officer(*, username: str, full_name: str, is_superuser: bool, at: datetime) -> str:
    """Makes an officer who cannot log in yet; returns the token of his link, good for a day.

    An officer who was invited but did not come gets a new link. Raises OfficerExists.
    """
    with transaction.atomic():
        officer, is_new = User.objects.select_for_update().get_or_create(
            username=username,
            defaults={"full_name": full_name, "created_at": at, "is_staff": True},
        )
        if not is_new and (officer.is_active or not officer.is_staff):
            raise OfficerExists
        officer.is_superuser = is_superuser
        officer.set_unusable_password()
        officer.save()
        officer.groups.add(_reviewers())
        TOTPDevice.objects.get_or_create(
            user=officer, confirmed=False, defaults={"name": "Pengesah"}
        )
        link = EmailLink.objects.create(
            user=officer, purpose=EmailLink.Purpose.OFFICER, requested_at=at
        )
        return link.make_token(at)


def _reviewers() -> Group:
    """The group of officers: they see every row of the portal's own and review registrations."""
    group, _is_new = Group.objects.get_or_create(name="Pegawai")
    ours = Permission.objects.exclude(content_type__app_label__in=_MACHINERY)
    group.permissions.set(
        ours.filter(Q(codename__startswith="view_") | Q(codename="change_registration"))
    )
    return group


@sensitive_variables("password", "token")
def open_officer(*, link_id: int, password: str, token: str, at: datetime) -> User:
    """Sets an officer's password and confirms his authenticator; uses the link up.

    Raises ClosedLink and WrongToken; then the link stays good.
    """
    with used_link(link_id, EmailLink.Purpose.OFFICER, at=at) as link:
        officer: User = link.user
        device = TOTPDevice.objects.select_for_update().get(user=officer, confirmed=False)
        if not device.verify_token(token):
            raise WrongToken
        device.confirmed = True
        device.save()
        officer.set_password(password)
        officer.is_active = True
        officer.save(update_fields=["password", "is_active"])
        audit.record("officer_opened", subject=officer, by=officer, at=at)
    return officer


@sensitive_variables("token")
def confirm_totp(*, officer: User, token: str, at: datetime) -> None:
    """Takes digits that the officer's authenticator shows now, once; either way it is an event.

    Raises WrongToken and TooSoon; each wrong try doubles the wait.
    """
    with transaction.atomic():
        device = TOTPDevice.objects.select_for_update().get(user=officer, confirmed=True)
        is_allowed, _why = device.verify_is_allowed()
        is_right = is_allowed and device.verify_token(token)
        action = "totp_confirmed" if is_right else "totp_refused"
        audit.record(action, subject=officer, by=officer, at=at)
    if not is_allowed:
        raise TooSoon
    if not is_right:
        raise WrongToken


@sensitive_variables("password", "key")
def keep_development_officer(*, username: str, password: str, key: str, at: datetime) -> Totp:
    """Makes or restores the officer of a development copy, with a confirmed authenticator.

    `key` is the authenticator's secret in hex.
    """
    with transaction.atomic():
        officer, _is_new = User.objects.get_or_create(
            username=username, defaults={"full_name": "Pegawai Pembangunan", "created_at": at}
        )
        officer.is_staff = officer.is_superuser = officer.is_active = True
        if not officer.check_password(password):
            officer.set_password(password)
        officer.save()
        device, _is_new = TOTPDevice.objects.update_or_create(
            user=officer, defaults={"name": "Pengesah", "key": key, "confirmed": True}
        )
    return Totp(b32encode(device.bin_key).decode(), device.config_url)
