"""What is inside a mail: its text, its HTML made harmless, its attachments."""

import re
from dataclasses import dataclass
from email import message_from_bytes, policy
from email.message import EmailMessage

import nh3
from django.utils.html import escape
from django.utils.safestring import SafeString, mark_safe

ADDRESS = re.compile(r"https?://[^\s<>\"']+")
# What ends a sentence does not belong to the address before it.
TRAILING = ".,;:!?)"
KEPT = {"p", "br", "div", "ul", "ol", "li", "strong", "b", "em", "i", "h2", "h3", "a"}
# Neither they nor what they hold is shown.
DROPPED = {"script", "style", "head", "title", "template", "iframe", "object", "svg"}


@dataclass(frozen=True)
class Attachment:
    """One file of a mail."""

    name: str
    media_type: str
    content: bytes


@dataclass(frozen=True)
class Content:
    """A mail, taken apart."""

    sender: str
    text: SafeString
    html: SafeString
    attachments: list[Attachment]


def open_letter(content: bytes) -> Content:
    """Takes a mail apart; parts that it does not have are empty."""
    mail = message_from_bytes(content, policy=policy.default)
    assert isinstance(mail, EmailMessage)
    return Content(
        sender=str(mail.get("From", "")),
        text=with_links(_body(mail, "plain")),
        html=harmless(_body(mail, "html")),
        attachments=[_attachment(part, n) for n, part in enumerate(mail.iter_attachments(), 1)],
    )


def _body(mail: EmailMessage, kind: str) -> str:
    part = mail.get_body((kind,))
    return str(part.get_content()) if part else ""


def _attachment(part: EmailMessage, number: int) -> Attachment:
    content = part.get_payload(decode=True)
    return Attachment(
        name=part.get_filename() or f"lampiran-{number}",
        media_type=part.get_content_type(),
        content=content if isinstance(content, bytes) else part.as_bytes(),
    )


def with_links(text: str) -> SafeString:
    """Plain text with its web addresses as links."""
    pieces, end = [], 0
    for match in ADDRESS.finditer(text):
        address = match.group().rstrip(TRAILING)
        pieces += [escape(text[end : match.start()]), _link(address), escape(address), "</a>"]
        end = match.start() + len(address)
    pieces.append(escape(text[end:]))
    return mark_safe("".join(pieces))  # noqa: S308 every piece is escaped above


def harmless(html: str) -> SafeString:
    """HTML with only plain tags and web links left, and every tag closed."""
    clean = nh3.clean(
        html,
        tags=KEPT,
        clean_content_tags=DROPPED,
        attributes={"a": {"href"}},
        url_schemes={"http", "https"},
        link_rel="noreferrer",
    )
    return mark_safe(clean)  # noqa: S308 what nh3 lets through


def _link(address: str) -> str:
    return f'<a href="{escape(address)}" rel="noreferrer">'
