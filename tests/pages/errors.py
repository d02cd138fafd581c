"""Every error page as it really comes about: somebody's request that goes wrong.

Some are written in both languages, for they ask nothing of what may be broken.
"""

from collections.abc import Callable, Iterator
from contextlib import contextmanager
from unittest.mock import patch

import responses
import time_machine
from django.db import OperationalError, transaction
from django.http import HttpResponse
from django.test import Client, override_settings
from django.urls import reverse

from staff.groups import REVIEWER
from tests.factories import AT, make_officer
from tests.pages.visits import newcomer
from tests.staff.desk import seated

LOG_IN = "accounts:log_in"


def asks_no_host_of_ours(client):
    return client.get("/", headers={"host": "portal_lain!"})


def opens_the_work_of_another_group(client):
    seated(client, make_officer(group=REVIEWER))
    return client.get(reverse("admin:payments_refund_changelist"))


def is_lost_at_the_desk(client):
    seated(client)
    return client.get(reverse("admin:registration_registration_review", args=[0]))


def asks_a_list_for_more(client):
    seated(client)
    return client.get(reverse("admin:accounts_user_changelist"), {"password__gt": "a"})


def sends_an_old_form_to_the_desk(client):
    seated(client)
    client.handler.enforce_csrf_checks = True
    return client.post(reverse("admin:find"), {})


def sends_a_nul_to_the_desk(client):
    return client.get(reverse("admin:login"), {"q": "\0"})


def meets_a_fault_at_the_desk(client):
    return _opens_the_desk(client, RuntimeError)


def sits_at_the_desk_while_the_database_is_away(client):
    return _opens_the_desk(client, OperationalError)


def _opens_the_desk(client, fault):
    seated(client)
    client.raise_request_exception = False
    with patch("staff.site.waiting", side_effect=fault):
        return client.get(reverse("admin:index"))


def sends_too_much_to_the_desk(client):
    with override_settings(REQUEST_MAX_BYTES=10):
        return client.post(reverse("admin:login"), {"username": "850101145523"})


def sends_an_old_form(client):
    client.handler.enforce_csrf_checks = True
    return client.post(reverse(LOG_IN), {})


def is_lost(client):
    return client.get("/tiada/")


def is_lost_signed_in(client):
    newcomer(client)
    return client.get("/tiada/")


def sends_too_much(client):
    with override_settings(REQUEST_MAX_BYTES=10):
        return client.post(reverse(LOG_IN), {"ic_number": "850101145523"})


def guesses_receipts(client):
    while (answer := client.get(reverse("receipts:verify", args=["TIADA"]))).status_code != 429:
        assert answer.status_code == 404
    return answer


def meets_a_fault(client):
    return _opens_the_front_door(client, RuntimeError)


def comes_while_the_database_is_away(client):
    return _opens_the_front_door(client, OperationalError)


def _opens_the_front_door(client, fault):
    client.raise_request_exception = False
    with patch("perkeso.views.pages.render", side_effect=fault):
        return client.get("/")


ERRORS: list[tuple[int, Callable[[Client], HttpResponse]]] = [
    (400, asks_no_host_of_ours),
    (403, sends_an_old_form),
    (404, is_lost),
    (404, is_lost_signed_in),
    (413, sends_too_much),
    (429, guesses_receipts),
    (500, meets_a_fault),
    (503, comes_while_the_database_is_away),
]
AT_THE_DESK: list[tuple[int, Callable[[Client], HttpResponse]]] = [
    (400, asks_a_list_for_more),
    (400, sends_a_nul_to_the_desk),
    (403, opens_the_work_of_another_group),
    (403, sends_an_old_form_to_the_desk),
    (404, is_lost_at_the_desk),
    (413, sends_too_much_to_the_desk),
    (500, meets_a_fault_at_the_desk),
    (503, sits_at_the_desk_while_the_database_is_away),
]
ERRORS += AT_THE_DESK


@contextmanager
def gone_wrong(act: Callable[[Client], HttpResponse]) -> Iterator[tuple[Client, HttpResponse]]:
    """The page that he gets, and his browser; nothing of it stays."""
    client = Client()
    with transaction.atomic(), responses.RequestsMock():
        with time_machine.travel(AT, tick=False):
            answer = act(client)
        yield client, answer
        transaction.set_rollback(True)
