"""A sign-up with the IC number of an opened account looks like any other; its owner is told."""

import re

import pytest

from accounts.models import User
from foundation.outbox import OutboxRow
from tests.accounts.pages import TYPED, lands, without_one_time_values
from tests.browser import Browser
from tests.factories import make_account, make_code

TAKEN = TYPED | {"ic_number": "850101-14-5523", "phone": "012-345 6701"}
FREE = TYPED | {"ic_number": "770305-02-1234", "phone": "012-345 6702"}
PLAIN = TYPED | {"ic_number": "900315-71-5012", "phone": "012-345 6703"}


@pytest.fixture
def aminah(db):
    aminah = make_account(ic_number="850101145523", email="pemilik@contoh.com")
    OutboxRow.objects.all().delete()
    return aminah


def walk(typed, captured):
    """Every page of steps 3 to 5, and the shape of every query."""
    client = Browser()
    with captured(999) as queries:
        pages = [client.post("/daftar/", typed, follow=True)]
        sign_up = User.objects.sign_ups().latest("pk")
        pages += [
            client.post("/daftar/otp/", {"code": "000000"}),
            client.get("/daftar/otp/hantar-semula/"),
            client.post("/daftar/otp/", {"code": make_code(sign_up)}, follow=True),
            client.post("/daftar/berjaya/", {"email": sign_up.email}, follow=True),
        ]
    texts = [without_one_time_values(page).replace(typed["phone"], "") for page in pages]
    masked = "012-\N{WORD JOINER}•••\N{NO-BREAK SPACE}" + typed["phone"][-4:]
    statements = [query["sql"] for query in queries.captured_queries]
    shapes = [re.findall(r'^\w+|"(?:accounts|perkeso)_\w+"', sql) for sql in statements]
    return [text.replace(masked, "") for text in texts], shapes


def test_pages_and_queries_are_the_same(aminah, django_assert_max_num_queries):
    walk(PLAIN, django_assert_max_num_queries)  # the network is new once
    pages, queries = walk(TAKEN, django_assert_max_num_queries)
    free_pages, free_queries = walk(FREE, django_assert_max_num_queries)
    assert pages == free_pages
    assert queries == free_queries


def test_the_owner_is_told_at_his_own_address_and_no_link_is_mailed(
    client, aminah, work, mailoutbox
):
    client.post("/daftar/", TAKEN)
    stranger = User.objects.sign_ups().get()
    assert lands(client.post("/daftar/otp/", {"code": make_code(stranger)}), "/daftar/berjaya/")
    client.post("/daftar/berjaya/", {"email": "lain@contoh.com"})
    work()
    assert [(mail.to, mail.subject) for mail in mailoutbox] == [
        (["pemilik@contoh.com"], "Anda sudah mempunyai akaun")
    ]


def test_nothing_is_mailed_before_the_phone_is_proved(client, aminah, work, mailoutbox):
    client.post("/daftar/", TAKEN)
    work()
    assert mailoutbox == []


def test_a_sign_up_does_not_stand_in_the_way_of_the_owner(client, aminah):
    client.post("/daftar/", TAKEN)
    assert User.objects.opened().with_ic_number("850101145523").get() == aminah
