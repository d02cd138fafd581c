"""Who sends a request: the address that our own proxies saw, and the network it belongs to."""

import ipaddress

from django.conf import settings
from django.http import HttpRequest

UNKNOWN = "unknown"
Address = ipaddress.IPv4Address | ipaddress.IPv6Address


def network(request: HttpRequest) -> str:
    """The sender's network (/24 or /48), by which strangers are counted; carriers share addresses.

    What cannot be read is one network, "unknown".
    """
    address = _address(_seen_by_us(request))
    if address is None:
        return UNKNOWN
    bits = 24 if address.version == 4 else 48
    return str(ipaddress.ip_network(f"{address}/{bits}", strict=False))


def _seen_by_us(request: HttpRequest) -> str:
    """What the outermost of our proxies saw: each adds one entry, and nobody can forge those.

    A list shorter than our proxies did not pass them all: then whoever sent it here is counted.
    """
    seen = request.headers.get("X-Forwarded-For", "").split(",")
    if 0 < settings.PROXY_HOPS <= len(seen):
        return str(seen[-settings.PROXY_HOPS])
    return str(request.META.get("REMOTE_ADDR", ""))


def _address(written: str) -> Address | None:
    """The address of what proxies write: bare, with a port, in brackets, or IPv4 within IPv6."""
    host = written.strip().removeprefix("[").partition("]")[0]
    if host.count(":") == 1:
        host = host.partition(":")[0]
    try:
        address = ipaddress.ip_address(host)
    except ValueError:
        return None
    return getattr(address, "ipv4_mapped", None) or address
