"""The user, their sign-up, phone, codes, links, devices, sessions, consents and cases."""

from accounts.models.account_case import AccountCase, AccountCaseStatusChange
from accounts.models.authenticator import Authenticator
from accounts.models.code import Channel, Code, PhoneDevice, Purpose
from accounts.models.consent import Consent
from accounts.models.contact_change import ContactChange
from accounts.models.correction import Correction, CorrectionStatusChange
from accounts.models.known_device import KnownDevice
from accounts.models.link import EmailLink
from accounts.models.log_in import LogIn
from accounts.models.personal_copy import PersonalCopy
from accounts.models.recovery_device import RecoveryDevice
from accounts.models.session import Session, SessionStore
from accounts.models.tally import Tally
from accounts.models.user import User, UserQuerySet, new_username

__all__ = [
    "AccountCase",
    "AccountCaseStatusChange",
    "Authenticator",
    "Channel",
    "Code",
    "Consent",
    "ContactChange",
    "Correction",
    "CorrectionStatusChange",
    "EmailLink",
    "KnownDevice",
    "LogIn",
    "PersonalCopy",
    "PhoneDevice",
    "Purpose",
    "RecoveryDevice",
    "Session",
    "SessionStore",
    "Tally",
    "User",
    "UserQuerySet",
    "new_username",
]
