"""Asks FPX from server to server: how an order stands (AE), which banks take part (BE)."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime, timedelta

import requests
from django.conf import settings

from payments.fpx.orders import bank_list_request, enquiry
from payments.fpx.reading import read_bank_list

# A genuine answer is below 4 KB.
_MOST_BYTES = 64 * 1024


class Unreachable(Exception):
    """FPX did not answer, or not as a web server does when it is well."""


@dataclass(frozen=True)
class Reply:
    """A body as it came, and how long it took to come."""

    raw: bytes
    took: timedelta


def ask(request: str, *, timeout: float) -> Reply:
    """Sends the AE of a kept AR; raises Unreachable. The body is neither verified nor parsed."""
    return _post("sellerNVPTxnStatus.jsp", enquiry(request), timeout)


def retrieve_banks(*, timeout: float, at: datetime) -> dict[str, bool]:
    """Bank id to whether it is online; raises Unreachable, Unreadable or Unverified."""
    reply = _post("RetrieveBankList", bank_list_request(), timeout)
    return read_bank_list(reply.raw, at=at + reply.took)


def _post(page: str, fields: Mapping[str, str], timeout: float) -> Reply:
    url = f"{settings.FPX_URL}{page}"
    try:
        # Signed messages go to the address that we were given and nowhere else.
        response = requests.post(url, data=fields, timeout=timeout, allow_redirects=False)
        response.raise_for_status()
    except requests.RequestException as error:
        raise Unreachable(f"{page}: {type(error).__name__}") from error
    return Reply(response.content[:_MOST_BYTES], response.elapsed)
