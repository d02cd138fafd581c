"""The SMS gateway: texts rendered from templates into one segment, sent over its HTTP API.

Malaysian rules for a text: it begins "RM0.00" and the brand, and holds no link, no number to call
and no request for personal data. One segment is 160 characters of the GSM alphabet.
"""

import unicodedata
import uuid
from collections.abc import Mapping
from http import HTTPStatus
from typing import Any

import requests
from django.conf import settings
from django.template.loader import render_to_string
from django.utils import translation

from accounts.models import User
from foundation.messages import SMS, note_sent, report_address

SEGMENT = 160
_GSM_7 = set(
    "@£$¥èéùìòÇ\nØø\rÅåΔ_ΦΓΛΩΠΨΣΘΞÆæßÉ !\"#¤%&'()*+,-./0123456789:;<=>?"
    "¡ABCDEFGHIJKLMNOPQRSTUVWXYZÄÖÑÜ§¿abcdefghijklmnopqrstuvwxyzäöñüà"
)
_LIKENESSES = str.maketrans(
    {"‘": "'", "’": "'", "“": '"', "”": '"', "–": "-", "—": "-", "•": "*", "…": "...", "`": "'"}
)


class TextTooLong(ValueError):
    """The text would need a second segment: a template has to be shortened, not cut."""


def send_template(
    user: User, template: str, context: Mapping[str, Any], *, reference: str = ""
) -> None:
    """Sends `<template>.txt`, such as "payments/sms/paid", to a user's phone in their language.

    Raises TextTooLong, or requests.RequestException when the gateway refuses or is away.
    """
    text = render(template, context, language=user.language)
    send(str(user.phone), text, reference=reference)


def send(to: str, text: str, *, reference: str = "") -> None:
    """Hands one text to the gateway for the phone `to` (E.164); `reference` names it there."""
    message = {
        "key": settings.SMS_KEY,
        "to": to.removeprefix("+"),
        "text": text,
        "ref": reference or uuid.uuid4().hex,
        "dlr_url": report_address(),
    }
    with requests.post(
        settings.SMS_URL,
        data=message,
        timeout=settings.SMS_TIMEOUT_SECONDS,
        allow_redirects=False,  # what it holds is for nobody else
        stream=True,  # its status is all that we read
    ) as answer:
        answer.raise_for_status()
        if answer.status_code != HTTPStatus.OK:
            raise requests.HTTPError(f"answered {answer.status_code}", response=answer)
    note_sent(SMS)


def render(template: str, context: Mapping[str, Any], *, language: str) -> str:
    """The text of a template as one line of the GSM alphabet; raises TextTooLong."""
    with translation.override(language):
        text = plain(render_to_string(f"{template}.txt", dict(context)))
    if len(text) > SEGMENT:
        raise TextTooLong(template)
    return text


def plain(text: str) -> str:
    """The text with plain spaces and without characters that would force a longer alphabet."""
    one_line = " ".join(text.translate(_LIKENESSES).split())
    return "".join(_gsm(character) for character in one_line)


def _gsm(character: str) -> str:
    if character in _GSM_7:
        return character
    base = unicodedata.normalize("NFKD", character)[0]
    return base if base in _GSM_7 else "?"
