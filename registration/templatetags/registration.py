"""The documents' names in templates."""

from django import template

from registration.kinds import KINDS
from registration.media import HINTS
from registration.models import Registration

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
def reason_beside(registration: Registration) -> str:
    """Why it was returned, where the returned documents do not tell it already."""
    told = {one.returned_for for one in registration.live_documents}
    return "" if registration.reason in told else registration.get_reason_display()


@register.filter
def document_hint(hint: str) -> str:
    """What may be hard to read on a photo: "Gambar ini gelap. ..."."""
    return str(HINTS[hint])
