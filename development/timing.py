"""What a stranger could read from how long answers take: known beside unknown, in one run.

`python -m development.command development.timing 200` asks each page in turn about somebody known
and about nobody, so that a slow moment meets both, on the data that `make demo-data` made. It runs
in this process, with the limits out of the way, and prints the ratio of the medians and between
what bounds 19 of 20 such ratios lie by chance. It exits 1 when a ratio tells more than noise.
"""

import logging
import os
import random
import sys
import time
from collections.abc import Callable
from dataclasses import dataclass
from itertools import count
from statistics import median
from uuid import uuid4

import django

os.environ.setdefault("DJANGO_SETTINGS_MODULE", "perkeso.settings")
os.environ.setdefault("LOG_LEVEL", "CRITICAL")
django.setup()
logging.disable()

from django.conf import settings  # noqa: E402 (models need loaded apps)
from django.contrib.auth import get_user_model  # noqa: E402
from django.db import connection  # noqa: E402
from django.test import Client  # noqa: E402
from django.utils import timezone  # noqa: E402

from accounts.models import Code  # noqa: E402
from receipts.models import Receipt  # noqa: E402

ROUNDS, RESAMPLES = 200, 400
# A smaller share is told by nobody over a network.
TELLS_FROM = 0.05
IC, PHONE = "ic_number", "phone"
NOBODYS_IC = (f"7703050{number:05d}" for number in count(21000))
NOBODYS_PHONE = (f"+6011{number:08d}" for number in count(20_000_000))
FORGOT, REPORT, SIGN_UP = "/lupa-kata-laluan/", "/lupa-kata-laluan/tiada-akses/", "/daftar/"
Person = dict[str, str]


@dataclass(frozen=True)
class Probe:
    """One page: what is done before the clock runs, and the request that is measured."""

    name: str
    ask: Callable[[Client, Person], object]
    before: Callable[[Client, Person], object] = lambda _browser, _person: None
    knows: tuple[str, ...] = (IC, PHONE)


def sign_up(browser: Client, person: Person) -> object:
    """Step 3, by somebody who names this person's IC number, phone or mailbox."""
    typed = {"full_name": "Ujian Masa", "has_read_privacy_notice": "on"}
    return browser.post(SIGN_UP, person | typed)


def make_code(browser: Client, person: Person) -> None:
    """The sign-up before its code, which the worker would have made."""
    sign_up(browser, person)
    code = Code.objects.filter(purpose="sign_up").latest("pk")
    assert code.device
    browser.digits = code.device.generate_token(code, at=timezone.now())  # type: ignore[attr-defined]


def report(browser: Client, person: Person) -> object:
    """Phone and mailbox lost."""
    return browser.post(REPORT, person | {"full_name": "Ujian Masa"})


def guess(browser: Client, _person: Person) -> object:
    """A wrong password, after the phrase."""
    return browser.post("/log-masuk/kata-laluan/", {"password": "kata laluan teka"})


def log_in(browser: Client, person: Person) -> object:
    """The IC number at the log-in, answered by a phrase."""
    browser.get("/log-masuk/")
    return browser.post("/log-masuk/", {IC: person[IC]}, follow=True)


def officers_log_in(browser: Client, person: Person) -> object:
    """An officer's name with a wrong password."""
    typed = {"username": person["name"], "password": "teka teki", "otp_token": "000000"}
    return browser.post(f"/{settings.STAFF_PATH}login/", typed)


PROBES = [
    Probe("log-in: IC number", log_in, knows=(IC,)),
    Probe("log-in: wrong password", guess, log_in, knows=(IC,)),
    Probe("forgotten password: both", lambda browser, person: browser.post(FORGOT, person)),
    Probe(
        "forgotten password: IC", lambda browser, person: browser.post(FORGOT, person), knows=(IC,)
    ),
    Probe("sign-up: IC number", sign_up, knows=(IC,)),
    Probe("sign-up: phone", sign_up, knows=(PHONE,)),
    Probe("sign-up: e-mail", sign_up, knows=("email",)),
    Probe(
        "sign-up: code, IC number",
        lambda browser, _person: browser.post("/daftar/otp/", {"code": browser.digits}),  # type: ignore[attr-defined]
        make_code,
        knows=(IC,),
    ),
    Probe("lost contact", report, knows=(IC,)),
    Probe("lost contact, busy network", report, knows=(IC,)),
    Probe("officers' log-in: name", officers_log_in, knows=("name",)),
    Probe(
        "receipt's code",
        lambda browser, person: browser.get(f"/r/{person['code']}/"),
        knows=("code",),
    ),
]


def nobody() -> Person:
    """Somebody whom the data does not hold."""
    return {
        IC: next(NOBODYS_IC),
        PHONE: next(NOBODYS_PHONE),
        "email": f"tiada-{uuid4().hex[:12]}@contoh.com",
        "name": f"tiada{uuid4().hex[:6]}",
        "code": "".join(random.choices("ABCDEFGHJKMNPQRSTVWXYZ23456789", k=len(_a_code()))),
    }


def _a_code() -> str:
    return str(Receipt.objects.order_by("pk").values_list("code", flat=True)[0])


def people() -> list[Person]:
    """Those whom the data holds."""
    users = get_user_model()
    known = users.objects.filter(opened_at__isnull=False, is_active=True).order_by("pk")[:200]
    codes = list(Receipt.objects.order_by("pk").values_list("code", flat=True)[:200])
    officer = users.objects.filter(is_staff=True).exclude(username=None).first()
    assert officer
    return [
        {IC: person.ic_number, PHONE: person.phone, "email": person.email}
        | {"name": officer.get_username(), "code": codes[number % len(codes)]}
        for number, person in enumerate(known)
    ]


def seconds(probe: Probe, person: Person) -> float:
    """How long the answer takes, in a browser and on a network that were never seen."""
    address = ".".join(str(random.randint(1, 250)) for _part in range(4))
    browser = Client(REMOTE_ADDR=address, HTTP_HOST="127.0.0.1")
    if "busy" in probe.name:
        settings.LIMITS["case_per_network"] = (0, *settings.LIMITS["case_per_network"][1:])
    probe.before(browser, person)
    began = time.perf_counter()
    probe.ask(browser, person)
    return time.perf_counter() - began


def measured(probe: Probe, known: list[Person], rounds: int) -> tuple[list[float], list[float]]:
    """The seconds about somebody known and about nobody, in turn and each first half the time."""
    of_known: list[float] = []
    of_nobody: list[float] = []
    for number in range(rounds):
        unknown = nobody()
        person = known[number % len(known)]
        named = unknown | {fact: person[fact] for fact in probe.knows}
        turns = [(of_known, named), (of_nobody, nobody())]
        for seen, who in turns if number % 2 else reversed(turns):
            seen.append(seconds(probe, who))
    return of_known, of_nobody


def by_chance(one: list[float], other: list[float]) -> tuple[float, float]:
    """Between what bounds 19 of 20 ratios lie when the two are dealt anew."""
    both = one + other
    ratios = []
    for _time in range(RESAMPLES):
        random.shuffle(both)
        ratios.append(median(both[: len(one)]) / median(both[len(one) :]))
    ratios.sort()
    return ratios[RESAMPLES // 40], ratios[-RESAMPLES // 40]


def main(rounds: int = ROUNDS) -> int:
    """Prints a line a page; 1 when one of them tells who is known."""
    many = 10**6
    settings.LIMITS = {name: (many, *rest) for name, (_few, *rest) in settings.LIMITS.items()}
    known = people()
    print(f"{'page':28}{'known':>9}{'unknown':>9}{'ratio':>7}   by chance")
    tells = False
    for probe in PROBES:
        measured(probe, known, 5)  # whatever is made once
        of_known, of_nobody = measured(probe, known, rounds)
        ratio, bounds = median(of_known) / median(of_nobody), by_chance(of_known, of_nobody)
        is_told = not bounds[0] <= ratio <= bounds[1] and abs(ratio - 1) > TELLS_FROM
        tells |= is_told
        middles = f"{1000 * median(of_known):6.1f} ms{1000 * median(of_nobody):6.1f} ms"
        chance = f"{bounds[0]:.2f} to {bounds[1]:.2f}"
        print(f"{probe.name:28}{middles}{ratio:7.2f}   {chance}{'  TELLS' * is_told}", flush=True)
    connection.close()
    return int(tells)


if __name__ == "__main__":
    sys.exit(main(*map(int, sys.argv[1:])))
