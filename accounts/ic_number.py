"""The IC number on the MyKad: its form, and the birth date, place and sex that it tells.

No check digit is published, so none is enforced. A foreign place of birth says nothing about
citizenship: citizens born abroad carry one.
"""

import re
from dataclasses import dataclass
from datetime import date

from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _
from stdnum.exceptions import InvalidComponent
from stdnum.my import nric

from foundation.typed import plain

LENGTH = 12
UNUSUAL_AGE = 90  # older than this is as likely a slip of the century: staff look
UNCERTAIN_PLACES = {"98", "99"}  # stateless and unspecified: staff look
_STATE_UNKNOWN = "82"
_SEPARATORS = re.compile(r"[\s.\-]")
_OLD_NUMBER = re.compile(r"[A-Z]?\d{7}", re.ASCII | re.IGNORECASE)
_ASCII_DIGITS = re.compile(r"\d+", re.ASCII)

MESSAGES: dict[str, str | Promise] = {
    "length": _("Nombor kad pengenalan mesti 12 angka"),
    "digits": _("Nombor kad pengenalan mesti angka 0 hingga 9 sahaja"),
    "old": _("Ini nombor kad pengenalan lama. Masukkan nombor 12 angka pada MyKad anda"),
    "date": _("Enam angka pertama mesti tarikh lahir yang sah"),
    "place": _("Angka ketujuh dan kelapan mesti kod tempat lahir yang sah"),
}


class InvalidIcNumber(ValueError):
    """Not an IC number; `code` is a key of MESSAGES."""

    def __init__(self, code: str) -> None:
        super().__init__(str(MESSAGES[code]))
        self.code = code


@dataclass(frozen=True)
class IcNumber:
    """An IC number and what it tells."""

    digits: str
    birth_date: date
    birth_state: str  # empty when unknown or abroad
    is_born_abroad: bool
    sex: str  # "male" or "female"
    is_unusual: bool  # accepted, but staff should look

    def __str__(self) -> str:
        return self.digits


def read_ic_number(text: str, *, today: date) -> IcNumber:
    """Reads what a person typed, with or without spaces and hyphens; raises InvalidIcNumber.

    The century is not coded: of the two birth years the later one that is not in the future holds.
    """
    digits = _only_digits(text)
    birth_date = _birth_date(digits[:6], today)
    state = _birth_state(digits)
    code = digits[6:8]
    return IcNumber(
        digits=digits,
        birth_date=birth_date,
        birth_state="" if code == _STATE_UNKNOWN else state,
        is_born_abroad=not state and code not in UNCERTAIN_PLACES,
        sex="male" if int(digits[-1]) % 2 else "female",
        is_unusual=today.year - birth_date.year > UNUSUAL_AGE or code in UNCERTAIN_PLACES,
    )


def _only_digits(text: str) -> str:
    compact = _SEPARATORS.sub("", plain(text))
    if _OLD_NUMBER.fullmatch(compact):
        raise InvalidIcNumber("old")
    # str.isdigit() would let full-width and Arabic-Indic digits pass.
    if compact and not _ASCII_DIGITS.fullmatch(compact):
        raise InvalidIcNumber("digits")
    if len(compact) != LENGTH:
        raise InvalidIcNumber("length")
    return compact


def _birth_date(digits: str, today: date) -> date:
    year, month, day = int(digits[:2]), int(digits[2:4]), int(digits[4:])
    for century in (2000, 1900):
        try:
            birth_date = date(century + year, month, day)
        except ValueError:
            continue
        if birth_date <= today:
            return birth_date
    raise InvalidIcNumber("date")


def _birth_state(digits: str) -> str:
    """The state of birth as people say it, such as "Kuala Lumpur"; empty outside Malaysia."""
    try:
        state = str(nric.get_birth_place(digits).get("state", ""))
    except InvalidComponent:
        raise InvalidIcNumber("place") from None
    return state.removeprefix("Wilayah Persekutuan (").removesuffix(")")
