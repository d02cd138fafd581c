"""Cases about an account that only an officer can settle, with the person in front of them."""

import uuid
from datetime import datetime
from typing import ClassVar

from django.conf import settings
from django.db import models
from django.db.models import F, Q
from django.utils.crypto import get_random_string
from django.utils.translation import gettext_lazy as _

from accounts.models.contact_change import ContactChange
from foundation import triggers
from foundation.encryption import BlindIndexField, EncryptedTextField, keyed_digest
from foundation.states import StatusChange, Transitions

_LETTERS = "ABCDEFGHJKLMNPQRSTUVWXYZ23456789"  # none that is mistaken for another


def new_reference() -> str:
    """What the person tells the officer; it opens nothing."""
    return get_random_string(8, _LETTERS)


def steady_reference(name: str) -> str:
    """The reference of a case that is found by its name; it tells nothing of that."""
    number = int(keyed_digest("case", name), 16)
    return "".join(_LETTERS[number >> 5 * place & 31] for place in range(8))


class AccountCaseQuerySet(models.QuerySet["AccountCase"]):
    """Filters over cases."""

    def opened(self) -> "AccountCaseQuerySet":
        """Cases that an officer has yet to decide."""
        undecided = [AccountCase.Status.OPENED, AccountCase.Status.PROPOSED]
        return self.filter(status__in=undecided)

    def cooling_off(self) -> "AccountCaseQuerySet":
        """Cases whose new phone and address wait: for the day to pass, then to be proved."""
        return self.filter(status=AccountCase.Status.COOLING_OFF)

    def due(self, at: datetime) -> "AccountCaseQuerySet":
        """Waiting cases whose day has passed and whose link was not sent yet.

        An account that was closed meanwhile is reached nowhere else.
        """
        due = self.cooling_off().filter(takes_effect_at__lte=at, released_at=None)
        return due.filter(user__closed_at=None)


class AccountCase(models.Model):
    """What somebody told us without being logged in; nothing of it is proved.

    Whose account it is about is found when an officer decides: the report tells nobody whether
    there is one.
    """

    class Kind(models.TextChoices):
        """What is wrong."""

        LOST_CONTACT = "lost_contact", _("Telefon dan e-mel hilang")
        IC_NUMBER_TAKEN = "ic_number_taken", _("Nombor kad pengenalan digunakan orang lain")

    class Status(models.TextChoices):
        """Where the case stands."""

        OPENED = "opened", _("Menunggu pegawai")
        PROPOSED = "proposed", _("Menunggu pegawai kedua")
        COOLING_OFF = "cooling_off", _("Menunggu 24 jam dan pengesahan")
        DONE = "done", _("Diselesaikan")
        STOPPED = "stopped", _("Dihentikan oleh pemilik akaun")
        LAPSED = "lapsed", _("Tamat tanpa pengesahan")
        REFUSED = "refused", _("Tidak diterima")

    TRANSITIONS: ClassVar[Transitions] = {
        Status.OPENED: {Status.COOLING_OFF, Status.PROPOSED, Status.REFUSED},
        Status.PROPOSED: {Status.DONE, Status.REFUSED},
        Status.COOLING_OFF: {Status.DONE, Status.STOPPED, Status.LAPSED},
        Status.DONE: set(),
        Status.STOPPED: set(),
        Status.LAPSED: set(),
        Status.REFUSED: set(),
    }

    reference = models.CharField(max_length=8, unique=True, default=new_reference)
    # The form that reported it: sent twice, it is still one case.
    attempt = models.UUIDField(default=uuid.uuid4, unique=True)
    kind = models.CharField(max_length=15, choices=Kind.choices)
    status = models.CharField(max_length=11, choices=Status.choices, default=Status.OPENED)
    full_name = models.CharField(max_length=150)
    ic_number = EncryptedTextField()
    ic_number_index = BlindIndexField(source="ic_number", db_index=True)
    phone = EncryptedTextField()
    email = EncryptedTextField()
    reported_at = models.DateTimeField()
    user = models.ForeignKey(
        settings.AUTH_USER_MODEL, models.PROTECT, null=True, related_name="account_cases"
    )
    decision_note = models.CharField(max_length=200, blank=True)
    decided_at = models.DateTimeField(null=True)
    decided_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, models.PROTECT, null=True, related_name="+"
    )
    # The second officer, where an account is to be closed.
    confirmed_at = models.DateTimeField(null=True)
    confirmed_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, models.PROTECT, null=True, related_name="+"
    )
    contact_change = models.OneToOneField(
        ContactChange, models.SET_NULL, null=True, related_name="account_case"
    )
    takes_effect_at = models.DateTimeField(null=True)
    released_at = models.DateTimeField(null=True)

    objects = AccountCaseQuerySet.as_manager()

    class Meta:
        ordering = ["reported_at", "pk"]
        constraints = [
            models.CheckConstraint(
                condition=Q(status="opened", decided_at=None, decided_by=None)
                | (
                    ~Q(status="opened")
                    & Q(decided_at__isnull=False)
                    & Q(decided_by__isnull=False)
                    & ~Q(decision_note="")
                ),
                name="account_case_decided_pair",
            ),
            models.CheckConstraint(
                condition=~Q(status="cooling_off")
                | Q(kind="lost_contact", takes_effect_at__isnull=False, user__isnull=False),
                name="account_case_cooling_off_has_end",
            ),
            models.CheckConstraint(
                condition=Q(confirmed_at=None, confirmed_by=None)
                | Q(confirmed_at__isnull=False, confirmed_by__isnull=False),
                name="account_case_confirmed_pair",
            ),
            models.CheckConstraint(
                condition=Q(confirmed_by=None) | ~Q(confirmed_by=F("decided_by")),
                name="account_case_two_officers",
            ),
            # Two officers' promises for one account would let the later one pass unseen.
            models.UniqueConstraint(
                fields=["user"],
                condition=Q(status="cooling_off"),
                name="account_case_cooling_off_once",
            ),
        ]
        triggers = triggers.life_cycle()

    def __str__(self) -> str:
        return self.reference


class AccountCaseStatusChange(StatusChange):
    """History of one case."""

    account_case = models.ForeignKey(AccountCase, models.CASCADE, related_name="status_changes")
