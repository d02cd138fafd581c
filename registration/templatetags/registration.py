"""The documents' names in templates."""

from django import template

from registration.kinds import KINDS
from registration.media import HINTS

register = template.Library()


@register.filter
def document_label(kind: str) -> str:
    """A kind as a label: "Lesen memandu"."""
    return str(KINDS[kind].label)


@register.filter
def document_name(kind: str) -> str:
    """A kind inside a sentence: "lesen memandu"."""
    return str(KINDS[kind].name)


@register.filter
def document_hint(hint: str) -> str:
    """What may be hard to read on a photo: "Gambar ini gelap. ..."."""
    return str(HINTS[hint])
