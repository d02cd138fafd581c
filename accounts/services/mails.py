"""Mails to addresses that nobody has proved: whoever asks for one chooses who gets it.

They are counted by mailbox and, where the sender has proved no phone either, by network and in all.
A job raises an alarm when they are many, or when few of their codes are used (watch).
"""

from datetime import datetime

from accounts.services import limits
from foundation.encryption import blind_index


def count_link(*, email: str, at: datetime) -> None:
    """Counts one mail of somebody whose phone is proved; raises TooMany."""
    limits.take("mails_per_mailbox", _mailbox(email), at=at)


def is_first_link_free(*, email: str, at: datetime) -> bool:
    """Counts the first link of somebody whose phone is proved; False when there were too many."""
    return limits.is_free("first_links_per_mailbox", _mailbox(email), at=at)


def count_mail(*, email: str, network: str, at: datetime) -> None:
    """Counts one mail of somebody who has proved nothing; raises TooMany."""
    count_link(email=email, at=at)
    limits.take("mails_per_network", network, at=at)
    limits.take("mails_in_all", "", at=at)


def give_mail_back(*, email: str, network: str) -> None:
    """The mailbox's reader had asked for it: it was no weapon."""
    limits.give_back("mails_per_mailbox", _mailbox(email))
    limits.give_back("mails_per_network", network)
    limits.give_back("mails_in_all", "")


def take_reserved_code(*, email: str, at: datetime) -> None:
    """Counts one SMS that a proved mailbox has beyond its number's; raises TooMany."""
    limits.take("reserved_codes", _mailbox(email), at=at)
    limits.take("reserved_codes_in_all", "", at=at)


def _mailbox(email: str) -> str:
    return str(blind_index("mailbox", email.lower()))
