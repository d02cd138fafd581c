"""What FPX said beside what we asked, field by field, for whoever must judge a message."""

import json
from typing import NamedTuple

from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _

from payments.fpx.messages import Unreadable, parse

# Names, branches and e-mail addresses of payers stay out: they decide nothing.
_SHOWN = {
    "fpx_txnAmount": _("Amaun"),
    "fpx_txnCurrency": _("Mata wang"),
    "fpx_sellerExOrderNo": _("Nombor pesanan"),
    "fpx_sellerOrderNo": _("Nombor pesanan penjual"),
    "fpx_sellerTxnTime": _("Masa pesanan"),
    "fpx_buyerBankId": _("Bank"),
    "fpx_sellerExId": _("ID pertukaran penjual"),
    "fpx_sellerId": _("ID penjual"),
    "fpx_msgToken": _("Model"),
    "fpx_fpxTxnId": _("No. transaksi FPX"),
    "fpx_fpxTxnTime": _("Masa FPX"),
    "fpx_debitAuthCode": _("Kod debit"),
    "fpx_creditAuthCode": _("Kod kredit"),
}
_LONGEST = 60  # longer values are a stranger's; an officer sees that there is more


class Field(NamedTuple):
    """One field; `asked` is None for what only FPX can know."""

    label: str | Promise
    asked: str | None
    said: str

    @property
    def differs(self) -> bool:
        """True when FPX did not repeat what we asked."""
        return self.asked is not None and self.asked != self.said


def side_by_side(raw: bytes, request: str) -> list[Field]:
    """Each field of a kept body, and of the kept AR ("" for none); empty for what is no message."""
    try:
        said = parse(raw)
    except Unreadable:
        return []
    if "fpx_msgType" not in said:
        return []
    asked: dict[str, str] = json.loads(request) if request else {}
    return [
        Field(label, asked.get(name), said.get(name, "")[:_LONGEST])
        for name, label in _SHOWN.items()
    ]
