"""What news of a payment can mean, whoever the provider is, and what the payer is told of it."""

from dataclasses import dataclass
from enum import Enum

from django.db.models import TextChoices
from django.utils.translation import gettext_lazy as _


class Kind(Enum):
    """What it does to a payment."""

    SUCCEEDED = "the money has left the account"
    PENDING = "the bank has not decided"
    FAILED = "the bank said no"
    UNSURE = "no by its text; ask once more before the payer is told to pay again"
    FAULT = "our mistake or the provider's: no for the payer, an alarm for the operator"
    UNSEEN = "the provider has not seen the order"
    DUPLICATE = "the provider has the order already: this says nothing of how it stands"


class Reason(TextChoices):
    """Why a payment is not made, as the payer reads it."""

    FUNDS = "funds", _("Baki akaun anda tidak mencukupi.")
    CANCELLED = "cancelled", _("Bayaran dibatalkan di laman bank.")
    TIMED_OUT = "timed_out", _("Masa di laman bank telah tamat.")
    UNFINISHED = "unfinished", _("Maklumat di laman bank tidak dilengkapkan.")
    LIMIT = "limit", _("Amaun ini di luar had transaksi bank anda.")
    UNAVAILABLE = "unavailable", _("Perbankan internet bank anda tidak tersedia sekarang.")
    ACCOUNT = "account", _("Akaun anda tidak dapat digunakan untuk bayaran ini.")
    EMAIL = "email", _("FPX tidak menerima alamat e-mel yang diberi.")
    CONFIGURATION = "configuration", _("Ada masalah antara laman ini dengan FPX.")
    NOT_FOUND = "not_found", _("FPX tidak menerima permintaan bayaran ini.")
    OTHER = "other", _("Bank tidak meluluskan bayaran ini.")


@dataclass(frozen=True)
class Meaning:
    """What one code of a provider says.

    `needs_second_person`: somebody else must authorise at the bank, perhaps days later.
    """

    kind: Kind
    reason: Reason = Reason.OTHER
    is_known: bool = True
    needs_second_person: bool = False
