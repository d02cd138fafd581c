"""Mails: rendered from templates in the reader's language, sent by Django's backend."""

from collections.abc import Iterable, Mapping
from typing import Any

from django.conf import settings
from django.core.mail import EmailMultiAlternatives
from django.template import TemplateDoesNotExist
from django.template.loader import get_template, render_to_string
from django.utils import translation

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
    """Sends `<template>.txt` under `<template>_subject.txt`, with `<template>.html` if it exists.

    `template` is such as "accounts/mail/activate". Raises SMTPException or OSError when the
    server refuses or cannot be reached.
    """
    with translation.override(language):
        variables = {**context, "portal_url": settings.PORTAL_URL}
        subject = " ".join(render_to_string(f"{template}_subject.txt", variables).split())
        message = EmailMultiAlternatives(
            subject, render_to_string(f"{template}.txt", variables), to=[to]
        )
        html = _html_part(template, variables)
    if html:
        message.attach_alternative(html, "text/html")
    for attachment in attachments:
        message.attach(*attachment)
    message.send()
    note_sent(MAIL)


def _html_part(template: str, variables: dict[str, Any]) -> str:
    try:
        return str(get_template(f"{template}.html").render(variables))
    except TemplateDoesNotExist:
        return ""
