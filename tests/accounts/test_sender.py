"""Whom a request counts for: behind no proxy, one, or a balancer and a proxy."""

import pytest
from django.test import RequestFactory

from accounts.http.sender import network

PEER = "10.0.0.7"


def counted(hops, settings, forwarded=None, peer=PEER):
    """The network that a request counts for, sent through so many proxies of ours."""
    settings.PROXY_HOPS = hops
    headers = {} if forwarded is None else {"X-Forwarded-For": forwarded}
    return network(RequestFactory().get("/", headers=headers, REMOTE_ADDR=peer))


@pytest.mark.parametrize(
    ("hops", "forwarded", "expected"),
    [
        (0, None, "10.0.0.0/24"),
        (0, "203.0.113.9", "10.0.0.0/24"),
        (1, "203.0.113.9", "203.0.113.0/24"),
        (1, "198.51.100.1, 203.0.113.9", "203.0.113.0/24"),
        (2, "203.0.113.9, 172.16.0.4", "203.0.113.0/24"),
        (2, "198.51.100.1, 203.0.113.9,172.16.0.4", "203.0.113.0/24"),
    ],
)
def test_what_our_own_proxies_saw_counts_and_nothing_before_it(settings, hops, forwarded, expected):
    assert counted(hops, settings, forwarded) == expected


@pytest.mark.parametrize("forwarded", [None, "203.0.113.9"])
def test_who_went_around_a_proxy_counts_as_whoever_came(settings, forwarded):
    assert counted(2, settings, forwarded) == "10.0.0.0/24"


@pytest.mark.parametrize(
    ("written", "expected"),
    [
        ("203.0.113.9:51123", "203.0.113.0/24"),
        ("2001:db8:1:2::3", "2001:db8:1::/48"),
        ("[2001:db8:1:2::3]", "2001:db8:1::/48"),
        ("[2001:db8:1:2::3]:443", "2001:db8:1::/48"),
        ("::ffff:203.0.113.9", "203.0.113.0/24"),
        ("unix:", "unknown"),
        ("", "unknown"),
    ],
)
def test_an_address_is_read_as_proxies_write_it(settings, written, expected):
    assert counted(1, settings, written) == expected
    assert counted(0, settings, peer=written) == expected
