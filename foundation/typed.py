"""What people type, as they mean it.

Contact cards, copied pages and telephones' own keyboards put in spaces that do not break, signs
that say which way to write, and dashes and quotes of fine print. Nobody sees them, and no rule
means them.
"""

import unicodedata

DASHES = "\u2010\u2011\u2012\u2013\u2014\u2015\u2212\ufe58\ufe63\uff0d"
QUOTES = "`\u00b4\u02b9\u02bb\u02bc\u02bd\u2018\u2019\u201a\u201b\u2032\uff07"
DOUBLE_QUOTES = "\u201c\u201d\u201e\u201f\u2033\uff02"
SIGNS = str.maketrans(
    dict.fromkeys(DASHES, "-") | dict.fromkeys(QUOTES, "'") | dict.fromkeys(DOUBLE_QUOTES, '"')
)


def plain(text: str) -> str:
    """The same with plain spaces, dashes and quotes, and nothing that cannot be seen."""
    text = text.translate(SIGNS)
    if text.isascii():
        return text
    kinds = [(sign, unicodedata.category(sign)) for sign in text]
    return "".join(" " if kind == "Zs" else sign for sign, kind in kinds if kind != "Cf")
