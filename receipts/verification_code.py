"""The code by which anyone may check a receipt: random, easy to type, and not its number.

Twenty-five signs of Crockford's base 32 hold 125 random bits. The alphabet has no I, L, O and U;
whoever reads them on paper means 1, 1, 0 and V.
"""

import re
import secrets

from foundation.typed import plain

ALPHABET = "0123456789ABCDEFGHJKMNPQRSTVWXYZ"
LENGTH = 25
_GROUP = 5
_ADDRESS = "/r/"  # of the page that the QR picture leads to; somebody may paste all of it
_CODE = re.compile(f"[{ALPHABET}]{{{LENGTH}}}")
_MISREAD = str.maketrans({"I": "1", "L": "1", "O": "0", "U": "V"})


def new_code() -> str:
    """A code that nobody can guess."""
    return "".join(secrets.choice(ALPHABET) for _ in range(LENGTH))


def read_code(text: str) -> str:
    """The code as it is stored, however it was typed; empty when it cannot be one."""
    typed = plain(text).partition(_ADDRESS)[2] or plain(text)
    code = re.sub(r"[\s/\-]", "", typed).upper().translate(_MISREAD)
    return code if _CODE.fullmatch(code) else ""


def written(code: str) -> str:
    """In groups, as it is printed: "7K3MQ-0ZT4V-…"."""
    return "-".join(code[start : start + _GROUP] for start in range(0, LENGTH, _GROUP))
