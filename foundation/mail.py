"""Mails: rendered from templates in the reader's language, sent by Django's backend."""

import re
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass
from typing import Any

from django.conf import settings
from django.core.mail import EmailMultiAlternatives
from django.template import TemplateDoesNotExist
from django.template.loader import get_template, render_to_string
from django.utils import translation

from foundation.addresses import absolute
from foundation.messages import MAIL, note_sent

Attachment = tuple[str, bytes, str]  # file name, content, media type


def send(
    to: str,
    template: str,
    context: Mapping[str, Any],
    *,
    language: str,
    attachments: Iterable[Attachment] = (),
) -> None:
    """Sends `<template>.txt` under `<template>_subject.txt`, and the same as HTML beside it.

    The HTML is `<template>.html` if that exists, else it is made of the text. `template` is such as
    "accounts/mail/activate". Raises SMTPException or OSError when the server refuses or cannot be
    reached.
    """
    with translation.override(language):
        variables = {**context, "portal_url": settings.PORTAL_URL}
        subject = " ".join(render_to_string(f"{template}_subject.txt", variables).split())
        text = render_to_string(f"{template}.txt", variables)
        html = _own_html(template, variables) or _html_of(subject, text, language)
    message = EmailMultiAlternatives(subject, text, to=[to])
    message.attach_alternative(html, "text/html")
    for attachment in attachments:
        message.attach(*attachment)
    message.send()
    note_sent(MAIL)


@dataclass(frozen=True)
class Line:
    """A line of a mail: its words, and the address of ours that it ends with."""

    words: str
    url: str = ""
    is_button: bool = False


def _html_of(subject: str, text: str, language: str) -> str:
    """The text as HTML, with a button for its first address."""
    context = {
        "title": subject,
        "paragraphs": list(paragraphs(text)),
        "help_url": absolute("help", language=language),
        "LANGUAGE_CODE": language,
    }
    return render_to_string("mail/letter.html", context)


def paragraphs(text: str) -> Iterator[list[Line]]:
    """The lines of each paragraph; an address that is not ours stays words, for names are typed."""
    has_button = False
    for part in re.split(r"\n\s*\n", text.strip()):
        lines = []
        for written in part.splitlines():
            words, _space, last = written.strip().rpartition(" ")
            is_ours = f"{last}/".startswith(f"{settings.PORTAL_URL}/")
            lines.append(Line(words, last, not has_button) if is_ours else Line(written.strip()))
            has_button = has_button or is_ours
        yield lines


def _own_html(template: str, variables: dict[str, Any]) -> str:
    try:
        return str(get_template(f"{template}.html").render(variables))
    except TemplateDoesNotExist:
        return ""
