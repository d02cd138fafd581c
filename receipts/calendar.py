"""The calendar file of a receipt, in its owner's language."""

from urllib.parse import urlsplit

from django.conf import settings
from django.utils import translation
from django.utils.translation import gettext as _

from foundation.addresses import absolute
from receipts.calendar_file import end_of_cover
from receipts.models import Receipt

FILE_NAME = "tamat.ics"


def write(receipt: Receipt) -> bytes:
    """The end of the cover that the receipt states."""
    host = urlsplit(settings.PORTAL_URL).hostname
    with translation.override(receipt.user.language):
        return end_of_cover(
            uid=f"{receipt.calendar_uid}@{host}",
            issued_at=receipt.issued_at,
            ends_at=receipt.coverage_ends_at,
            title=_("Perlindungan anda tamat"),
            description=_("Perbaharui sebelum masa ini supaya perlindungan tidak terputus."),
            url=absolute("payments:renew", language=receipt.user.language),
        )
