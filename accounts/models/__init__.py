"""The user and his sign-up, phone, codes, links, known devices, counted tries, and corrections."""

from accounts.models.code import Code, PhoneDevice, Purpose
from accounts.models.correction import Correction, CorrectionStatusChange
from accounts.models.known_device import KnownDevice
from accounts.models.link import EmailLink
from accounts.models.tally import Tally
from accounts.models.user import User, UserQuerySet, new_username

__all__ = [
    "Code",
    "Correction",
    "CorrectionStatusChange",
    "EmailLink",
    "KnownDevice",
    "PhoneDevice",
    "Purpose",
    "Tally",
    "User",
    "UserQuerySet",
    "new_username",
]
