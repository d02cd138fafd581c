"""How moments, days, money and personal data are written, in Malay and English.

Malay times of day follow Dewan Bahasa dan Pustaka; Django's own Malay formats say "malam" at
three in the afternoon.
"""

from datetime import date, datetime
from decimal import Decimal
from zoneinfo import ZoneInfo

MALAYSIA = ZoneInfo("Asia/Kuala_Lumpur")
NO_BREAK_SPACE = "\N{NO-BREAK SPACE}"
WORD_JOINER = "\N{WORD JOINER}"  # keeps a line from breaking after a hyphen
_MONTHS = {
    "ms": ["Jan", "Feb", "Mac", "Apr", "Mei", "Jun", "Jul", "Ogos", "Sep", "Okt", "Nov", "Dis"],
    "en": ["Jan", "Feb", "Mar", "Apr", "May", "Jun", "Jul", "Aug", "Sep", "Oct", "Nov", "Dec"],
}
_IN_FULL = """
januari februari mac april mei jun julai ogos september oktober november disember
january february march april may june july august september october november december
""".split()  # noqa: SIM905 (a list of 24 lines says no more)
_SHORTEST_MONTH = 3  # letters: fewer may be two months
_FIRST_HOURS = [
    (0, "tengah malam"),
    (1, "pagi"),
    (12, "tengah hari"),
    (14, "petang"),
    (19, "malam"),
]


def local(at: datetime) -> datetime:
    return at.astimezone(MALAYSIA)


def time_of_day(at: datetime, language: str) -> str:
    """Such as "3:04 petang" or "3:04 pm", in Malaysia time."""
    when = local(at)
    if language == "ms":
        part = [name for first, name in _FIRST_HOURS if first <= when.hour][-1]
    else:
        part = "am" if when.hour < 12 else "pm"
    return f"{when.hour % 12 or 12}:{when:%M} {part}".replace(" ", NO_BREAK_SPACE)


def day(value: date, language: str) -> str:
    """Such as "22 Nov 2026"; a datetime is taken in Malaysia time."""
    when = local(value) if isinstance(value, datetime) else value
    month = _MONTHS[language][when.month - 1]
    return f"{when.day} {month} {when.year}".replace(" ", NO_BREAK_SPACE)


def month_named(text: str) -> str:
    """The number of a month that was written out or cut short, in either language; "" for none."""
    name = text.lower().rstrip(".")
    if len(name) < _SHORTEST_MONTH:
        return ""
    found = {at % 12 + 1 for at, month in enumerate(_IN_FULL) if month.startswith(name)}
    return str(found.pop()) if len(found) == 1 else ""


def moment(at: datetime, language: str) -> str:
    """Such as "22 Nov 2026, 3:04 petang"."""
    return f"{day(at, language)}, {time_of_day(at, language)}"


def exact_moment(at: datetime) -> str:
    """To the second, as a receipt prints it: "22/11/2026 15:04:39", in Malaysia."""
    return f"{local(at):%d/%m/%Y %H:%M:%S}"


def ringgit(amount: Decimal) -> str:
    """Such as "RM1,234.50"."""
    return f"RM{amount:,.2f}"


def formatted_ic(ic_number: str) -> str:
    """Twelve digits as on the card: "850101-14-5523"."""
    return f"{ic_number[:6]}-{ic_number[6:8]}-{ic_number[8:]}"


def masked_ic(ic_number: str | None) -> str:
    """Only the last four digits: "••••••-••-5523"."""
    return f"••••••-••-{ic_number[-4:]}" if ic_number else ""


def local_phone(phone: str) -> str:
    """An E.164 Malaysian mobile as people write it: "012-345 6789"."""
    digits = "0" + phone.removeprefix("+60")
    return f"{digits[:3]}-{digits[3:-4]} {digits[-4:]}"


def masked_phone(phone: str | None) -> str:
    """Prefix and last four digits: "012-••• 6789"."""
    if not phone:
        return ""
    written = local_phone(phone)
    return f"{written[:4]}{WORD_JOINER}•••{NO_BREAK_SPACE}{written[-4:]}"


def masked_email(email: str | None) -> str:
    """First letter and domain: "a••@gmail.com"."""
    name, at_sign, domain = (email or "").partition("@")
    return f"{name[:1]}••{at_sign}{domain}" if at_sign else ""


def masked_name(name: str) -> str:
    """The first word, and of the others their first letters: "AMINAH B•• A••"."""
    first, *others = name.upper().split()
    shown = first if others else f"{first[:1]}••"
    return " ".join([shown, *(f"{word[:1]}••" for word in others)])
