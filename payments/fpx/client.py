"""Asks FPX from server to server: how an order stands (AE), which banks take part (BE)."""

import time
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime, timedelta

import requests
from django.conf import settings
from urllib3.exceptions import HTTPError

from payments.fpx.orders import bank_list_request, enquiry
from payments.fpx.reading import read_bank_list

# A genuine answer is below 4 KB.
_MOST_BYTES = 64 * 1024
# requests lets through what http.client and urllib say of an answer that is no HTTP.
_NO_ANSWER = (requests.RequestException, HTTPError, OSError, ValueError)


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
    until = time.monotonic() + timeout
    try:
        with requests.post(
            f"{settings.FPX_URL}{page}",
            data=fields,
            timeout=timeout,
            allow_redirects=False,  # signed messages go where we were told and nowhere else
            stream=True,
            headers={"Accept-Encoding": "identity"},
        ) as response:
            response.raise_for_status()
            return Reply(_read(response, until), response.elapsed)
    except _NO_ANSWER as error:
        raise Unreachable(f"{page}: {type(error).__name__}") from error


def _read(response: requests.Response, until: float) -> bytes:
    """The body as it came, packed or not, and no more than a genuine one by far.

    The time-out of requests is that of each packet: a trickle would hold its caller for ever.
    """
    body = b""
    while len(body) < _MOST_BYTES:
        if time.monotonic() > until:
            raise TimeoutError("the answer trickles")
        if not (part := response.raw.read1(_MOST_BYTES, decode_content=False)):
            break
        body += part
    return body[:_MOST_BYTES]
