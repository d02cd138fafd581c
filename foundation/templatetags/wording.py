"""The wording module as template filters, in the active language."""

from datetime import date, datetime

from django import template
from django.utils.translation import get_language

from foundation import wording
from foundation.states import HasTones

register = template.Library()
register.filter("ringgit", wording.ringgit)
register.filter("exact_moment", wording.exact_moment)
register.filter("formatted_ic", wording.formatted_ic)
register.filter("masked_ic", wording.masked_ic)
register.filter("local_phone", wording.local_phone)
register.filter("masked_phone", wording.masked_phone)
register.filter("masked_email", wording.masked_email)
register.filter("masked_name", wording.masked_name)


@register.filter
def moment(at: datetime | None) -> str:
    return wording.moment(at, _language()) if at else ""


@register.filter
def day(value: date | None) -> str:
    return wording.day(value, _language()) if value else ""


@register.filter
def tone(row: HasTones) -> str:
    return row.TONES[row.status]


def _language() -> str:
    return (get_language() or "ms")[:2]
