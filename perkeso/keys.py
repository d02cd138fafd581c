"""The keys that no start goes without: what is wrong with them, each in one sentence."""

import binascii
import sys
from base64 import b64decode
from collections.abc import Iterator

from django.conf import settings
from django.core.exceptions import ImproperlyConfigured

_REASONS = {
    "FIELD_KEYS": "personal data cannot be encrypted.",
    "INDEX_KEY": "people cannot be looked up by IC number.",
    "DECOY_KEY": "unknown IC numbers cannot be shown a steady phrase.",
}
_BYTES = 32
# Of 32 random bytes about 30 differ; fewer than this were typed, or copied from a manual.
_LEAST_DIFFERENT = 16
_SECRET_LENGTH = 50


def refuse_wrong_keys() -> None:
    """Ends the program, with a sentence, unless its keys are right: before it serves anybody."""
    if problems := list(problems_of_keys()):
        sys.exit(" ".join(["The portal does not start.", *problems]))


def problems_of_keys() -> Iterator[str]:
    """What is wrong; nothing when all is well. Never says what a key is."""
    for name, reason in _REASONS.items():
        if not getattr(settings, name):
            yield f"{name} is not set: {reason}"
    named = {"INDEX_KEY": settings.INDEX_KEY, "DECOY_KEY": settings.DECOY_KEY}
    versions = [entry.partition(":")[0] for entry in settings.FIELD_KEYS]
    for entry in settings.FIELD_KEYS:
        version, colon, key = entry.partition(":")
        if not (version and colon):
            yield "FIELD_KEYS holds an entry that is not version:key."
        else:
            named[f"FIELD_KEYS {version}"] = key
    if len(set(versions)) != len(versions):
        yield "FIELD_KEYS holds a version twice."
    yield from _malformed(named)
    keys = [key for key in named.values() if key]
    if len(set(keys)) != len(keys):
        yield "One key is used for two purposes."
    secret = _secret_key()
    if len(secret) < _SECRET_LENGTH or len(set(secret)) < _LEAST_DIFFERENT:
        yield f"SECRET_KEY is weak: {_SECRET_LENGTH} random characters are wanted."


def _secret_key() -> str:
    try:
        return str(settings.SECRET_KEY)
    except ImproperlyConfigured:  # Django's word for an empty one
        return ""


def _malformed(named: dict[str, str]) -> Iterator[str]:
    for name, key in named.items():
        if key and not _is_key(key):
            yield f"{name} is not the base64 of {_BYTES} random bytes."


def _is_key(text: str) -> bool:
    try:
        key = b64decode(text, validate=True)
    except binascii.Error:
        return False
    return len(key) == _BYTES and len(set(key)) >= _LEAST_DIFFERENT
