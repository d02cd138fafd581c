"""Log-ins that fail: whoever holds a stopwatch must not tell who has an account.

Each is measured through the whole stack of views, in turns, so that what the machine does
otherwise falls on all alike; the middle of many is told.
"""

import time
from collections.abc import Iterator
from statistics import median
from uuid import uuid4

from django.test import Client
from django.urls import reverse
from django.utils import timezone

from accounts.services import sign_up

ROUNDS = 12  # an IC number has a hundred tries a day
UNKNOWN = "900315105012"
UNOPENED = "900315105014"
FREE_TRIES = 5


def measure(ic_number: str) -> Iterator[str]:
    """Milliseconds of a wrong password, by what stands behind the IC number."""
    _begin_sign_up()
    kinds = {
        "wrong password": (ic_number, 0),
        "unknown IC number": (UNKNOWN, 0),
        "unopened sign-up": (UNOPENED, 0),
        "too many tries": (ic_number, FREE_TRIES),
    }
    taken: dict[str, list[float]] = {name: [] for name in kinds}
    for number in range(ROUNDS):
        for place, (name, (ic, before)) in enumerate(kinds.items()):
            # A network of its own each time, so that only the fourth kind is refused.
            taken[name].append(_one_try(ic, f"10.{number}.{place}.1", before))
    wrong = median(taken["wrong password"])
    for name, times in taken.items():
        middle = median(times)
        yield f"  {name:<20} {middle:8.1f} ms   {middle / wrong:.2f} of a wrong password"


def _begin_sign_up() -> None:
    particulars = sign_up.Particulars(
        ic_number=UNOPENED,
        full_name="Boon",
        phone="+60123456789",
        email="boon@contoh.com",
        language="ms",
        consent_version="",
    )
    sign_up.begin_sign_up(
        attempt=uuid4(), particulars=particulars, network="bench", at=timezone.now()
    )


def _one_try(ic_number: str, network: str, before: int) -> float:
    client = Client(headers={"Host": "127.0.0.1"}, REMOTE_ADDR=network)
    client.post(reverse("accounts:log_in"), {"ic_number": ic_number})
    page, wrong = reverse("accounts:log_in_password"), {"password": "bukan kata laluan ini"}
    for _time in range(before):
        client.post(page, wrong)
    started = time.perf_counter()
    answer = client.post(page, wrong)
    assert answer.status_code == 200, answer.status_code
    return 1000 * (time.perf_counter() - started)
