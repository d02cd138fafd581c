"""A sum of money in words, as Malaysian receipts write it, in Malay and English."""

from decimal import Decimal

_MALAY = ["", "satu", "dua", "tiga", "empat", "lima", "enam", "tujuh", "lapan", "sembilan"]
_ENGLISH = [
    "",
    "one",
    "two",
    "three",
    "four",
    "five",
    "six",
    "seven",
    "eight",
    "nine",
    "ten",
    "eleven",
    "twelve",
    "thirteen",
    "fourteen",
    "fifteen",
    "sixteen",
    "seventeen",
    "eighteen",
    "nineteen",
]
_TENS = ["", "", "twenty", "thirty", "forty", "fifty", "sixty", "seventy", "eighty", "ninety"]


def in_words(amount: Decimal, language: str) -> str:
    """Such as "Ringgit Malaysia tiga belas dan sen sepuluh sahaja", for sums below a million."""
    ringgit, sen = divmod(int(amount * 100), 100)
    if language == "ms":
        and_sen = f" dan sen {_malay(sen)}" if sen else ""
        return f"Ringgit Malaysia {_malay(ringgit) or 'kosong'}{and_sen} sahaja"
    and_sen = f" and sen {_english(sen)}" if sen else ""
    return f"Ringgit Malaysia {_english(ringgit) or 'zero'}{and_sen} only"


def _malay(number: int) -> str:
    """A whole number below a million; nothing for zero."""
    for size, name, one in ((1000, "ribu", "seribu"), (100, "ratus", "seratus")):
        count, rest = divmod(number, size)
        if count:
            head = one if count == 1 else f"{_malay(count)} {name}"
            return f"{head} {_malay(rest)}".strip()
    tens, units = divmod(number, 10)
    if number in {10, 11}:
        return "sepuluh" if number == 10 else "sebelas"
    if tens == 1:
        return f"{_MALAY[units]} belas"
    return f"{_MALAY[tens]} puluh {_MALAY[units]}".strip() if tens else _MALAY[units]


def _english(number: int) -> str:
    """A whole number below a million; nothing for zero."""
    thousands, rest = divmod(number, 1000)
    if thousands:
        return f"{_english(thousands)} thousand {_english(rest)}".strip()
    hundreds, rest = divmod(number, 100)
    if hundreds:
        return f"{_ENGLISH[hundreds]} hundred {_english(rest)}".strip()
    if number < 20:
        return _ENGLISH[number]
    tens, units = divmod(number, 10)
    return f"{_TENS[tens]}-{_ENGLISH[units]}".rstrip("-")
