"""Malaysian mobile numbers: what people type, and the one form in which they are stored."""

import re

import phonenumbers
from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _
from phonenumbers import PhoneNumber, PhoneNumberFormat, PhoneNumberType

from foundation.typed import plain

_COUNTRY = 60
# A code by SMS reaches nothing else: no fixed line, no free-call number, no VoIP.
_MOBILE = {PhoneNumberType.MOBILE, PhoneNumberType.FIXED_LINE_OR_MOBILE}
# The library would read letters as the keys of a telephone, and drop an extension.
_PLAIN = re.compile(r"[\d\s+().\-]*", re.ASCII)
_LENGTHS = {10, 11}  # with the leading 0; of 011 numbers always 11

MESSAGES: dict[str, str | Promise] = {
    "number": _("Nombor telefon bimbit mesti bermula dengan 01 dan mempunyai 10 atau 11 angka"),
    "signs": _("Tulis nombor telefon bimbit dengan angka 0 hingga 9, tanpa huruf"),
    "eleven": _("Nombor telefon bimbit yang bermula dengan 011 mesti 11 angka"),
    "unknown": _("Tiada syarikat telefon memberikan nombor ini. Semak semula setiap angka"),
    "foreign": _("Masukkan nombor telefon bimbit Malaysia, contohnya 012-345 6789"),
    "not_mobile": _("Kod OTP tidak dapat dihantar ke nombor ini. Masukkan nombor telefon bimbit"),
}


class InvalidPhone(ValueError):
    """Not a Malaysian mobile number; `code` is a key of MESSAGES."""

    def __init__(self, code: str) -> None:
        super().__init__(str(MESSAGES[code]))
        self.code = code


def read_phone(text: str) -> str:
    """Reads what a person typed into E.164, such as "+60123456789"; raises InvalidPhone."""
    number = _parsed(text)
    if number.country_code != _COUNTRY:
        raise InvalidPhone("foreign")
    if not phonenumbers.is_valid_number(number):
        raise InvalidPhone(_fault_of(f"0{number.national_number}"))
    if phonenumbers.number_type(number) not in _MOBILE:
        raise InvalidPhone("not_mobile")
    return phonenumbers.format_number(number, PhoneNumberFormat.E164)


def _fault_of(digits: str) -> str:
    """What is wrong with a number that cannot be; true of what was typed."""
    if digits.startswith("011") and len(digits) != max(_LENGTHS):
        return "eleven"
    return "unknown" if digits.startswith("01") and len(digits) in _LENGTHS else "number"


def _parsed(text: str) -> PhoneNumber:
    text = plain(text)
    if not _PLAIN.fullmatch(text):
        raise InvalidPhone("signs")
    try:
        return phonenumbers.parse(text, "MY")
    except phonenumbers.NumberParseException:
        raise InvalidPhone("number") from None
