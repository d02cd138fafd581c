"""The documents' names in templates."""

from django import template

from registration.forms import NAMES
from registration.media import HINTS
from registration.models import DocumentKind

register = template.Library()


@register.filter
def document_label(kind: str) -> str:
    """A kind as a label: "Lesen memandu"."""
    return str(DocumentKind(kind).label)


@register.filter
def document_name(kind: str) -> str:
    """A kind inside a sentence: "lesen memandu"."""
    return str(NAMES[DocumentKind(kind)])


@register.filter
def document_hint(hint: str) -> str:
    """What may be hard to read on a photo: "Gambar ini gelap. ..."."""
    return str(HINTS[hint])
