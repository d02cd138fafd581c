"""What a callback costs, and how soon the money of a payment is credited."""

import random
import re
import time
from collections.abc import Iterator, Sequence
from concurrent.futures import ThreadPoolExecutor
from contextlib import closing
from datetime import timedelta
from functools import partial
from statistics import median, quantiles

import psycopg
import requests
from django.conf import settings
from django.utils import timezone

from accounts.models import User
from development.bench.load import CLIENTS, Request, Result, hammer
from development.cast import crowd_member, make, unpaid
from development.exchange import answer
from development.people import begin_payment
from development.stack import Stack
from payments.enquiry_schedule import FPX_ENQUIRY_SCHEDULE
from payments.fpx.orders import form_fields
from payments.models import Payment
from receipts.models import Receipt

PATH = "/bayaran/fpx/langsung/"
HEADERS = {"Content-Type": "application/x-www-form-urlencoded"}
CREDITED, HOT, SHUFFLED, COPIES, ONE_BY_ONE = 300, 1000, 60, 5, 60
PATIENCE_SECONDS = 120
# The rows of one settled payment: each table, and how its rows hang on the payment.
_OF_PAYMENT = "SELECT contribution_id FROM payments_payment WHERE id = %s"
_OF_RECEIPT = f"SELECT id FROM receipts_receipt WHERE contribution_id = ({_OF_PAYMENT})"
ROWS = {
    "payments_gatewaymessage": "payment_id = %s",
    "payments_paymentstatuschange": "payment_id = %s",
    "receipts_receipt": f"contribution_id = ({_OF_PAYMENT})",
    "contributions_coverageperiod": f"contribution_id = ({_OF_PAYMENT})",
    "contributions_contributionstatuschange": f"contribution_id = ({_OF_PAYMENT})",
    "foundation_outboxrow": f"kind LIKE 'receipts.%%' AND subject_id = ({_OF_RECEIPT})",
}


def measure(stack: Stack) -> Iterator[str]:
    """The lines about callbacks, as they are known."""
    stack.stop("worker")  # drawing the receipts would take the CPU; it has a line of its own
    yield from _settling(stack)
    stack.start("worker")
    yield _with_callback(started(range(3000, 3000 + ONE_BY_ONE)), _web(stack))
    yield _without_any(stack, started([4000])[0])


def _settling(stack: Stack) -> Iterator[str]:
    """How many are verified, stored and settled, beside the same rows by raw SQL."""
    ours = started(range(1000, 1000 + CREDITED))
    result = _post([_callback(payment) for payment in ours], _web(stack))
    settled = Payment.objects.filter(pk__in=[one.pk for one in ours], status="succeeded")
    yield _line("callbacks settled", result, f"{settled.count()} of {CREDITED} credited")
    yield _raw_rows(ours, stack.environment["DATABASE_URL"])
    hot, *shuffled = started(range(2000, 2001 + SHUFFLED))
    result = _post([_callback(hot)] * HOT, _web(stack))
    yield _line("one hot payment", result, f"{_receipts(hot)} receipt")
    copies = [_callback(payment) for payment in shuffled] * COPIES
    random.shuffle(copies)
    credited = f"{COPIES} copies of {SHUFFLED}"
    result = _post(copies, _web(stack))
    yield _line("shuffled copies", result, f"{credited}, {_receipts(*shuffled)} receipts")


def _web(stack: Stack) -> int:
    return stack.programs["web"].process.pid


def started(numbers: Sequence[int]) -> list[Payment]:
    """A payment of each of these people; the browser is at FPX."""
    at = timezone.now() - timedelta(minutes=1)
    payments = []
    for number in numbers:
        person, _story = crowd_member(number)
        make(person, unpaid, at=timezone.now())
        user = User.objects.opened().with_ic_number(person.ic_number).get()
        payments.append(begin_payment(user.registrations.get().contributions.get(), at=at))
    return payments


def _callback(payment: Payment) -> Request:
    return Request(PATH, HEADERS, answer(payment, "00", at=timezone.now()).decode())


def _post(requests: Sequence[Request], pid: int) -> Result:
    return hammer(settings.PORT, requests, server_pid=pid)


def _receipts(*payments: Payment) -> int:
    return Receipt.objects.filter(payment_reference__in=[one.reference for one in payments]).count()


def _line(name: str, result: Result, note: str) -> str:
    failures = f", {result.failures} answers were not OK" if result.failures else ""
    per_second, cpu_ms = result.per_second, result.cpu_ms
    return f"{name:<22} {per_second:8.0f} /s  {cpu_ms:6.2f} ms CPU each   {note}{failures}"


# --- the reference: the same rows by raw SQL -------------------------------------------------
def _raw_rows(payments: Sequence[Payment], url: str) -> str:
    """Writes each payment's rows once more, into tables with the same indexes, one commit each."""
    with closing(psycopg.connect(url, autocommit=True)) as admin:
        for table in ROWS:
            admin.execute(f"CREATE TABLE raw_{table} (LIKE {table} INCLUDING ALL)")
        pools = [payments[number::CLIENTS] for number in range(CLIENTS)]
        started = time.perf_counter()
        with ThreadPoolExecutor(CLIENTS) as hands:
            list(hands.map(partial(_write, url), pools))
        seconds = time.perf_counter() - started
        for table in ROWS:
            admin.execute(f"DROP TABLE raw_{table}")
    return f"{'  same rows by raw SQL':<22} {len(payments) / seconds:8.0f} /s"


def _write(url: str, payments: Sequence[Payment]) -> None:
    with closing(psycopg.connect(url)) as line:
        for payment in payments:
            for table, of_payment in ROWS.items():
                copy = f"INSERT INTO raw_{table} SELECT * FROM {table} WHERE {of_payment}"
                line.execute(copy, [payment.pk])
            line.execute("UPDATE payments_payment SET status = status WHERE id = %s", [payment.pk])
            line.commit()


# --- how soon --------------------------------------------------------------------------------
def _with_callback(payments: Sequence[Payment], pid: int) -> str:
    """The bank's success is told at once: credited when FPX reads OK."""
    took = []
    for payment in payments:
        one = _callback(payment)
        began = time.perf_counter()
        hammer(settings.PORT, [one], server_pid=pid)
        took.append(1000 * (time.perf_counter() - began))
    assert _receipts(*payments) == len(payments)
    p99 = quantiles(took, n=100)[98]
    return f"{'credited by callback':<22} {median(took):8.0f} ms median, {p99:.0f} ms p99"


def _without_any(stack: Stack, payment: Payment) -> str:
    """No message comes at all: the clock asks, when its next question is due."""
    _pay_in_silence(stack, payment)
    Payment.objects.filter(pk=payment.pk).update(next_enquiry_at=timezone.now())
    began = time.perf_counter()
    while not _receipts(payment) and time.perf_counter() - began < PATIENCE_SECONDS:
        time.sleep(0.2)
    pause = FPX_ENQUIRY_SCHEDULE[0][1].total_seconds()
    seconds = time.perf_counter() - began
    return (
        f"{'credited by enquiry':<22} {seconds:8.1f} s after it is due, at most {pause:.0f} s after"
        f" the bank's success: {pause + seconds:.0f} s in all"
    )


def _pay_in_silence(stack: Stack, payment: Payment) -> None:
    """Walks the stand-in bank in the scenario in which it tells nobody."""
    with requests.Session() as browser:
        browser.trust_env = False
        browser.post(f"{stack.sandbox_url}/senario/", {"name": "neither"}, timeout=10)
        at_bank = browser.post(
            f"{settings.FPX_URL}seller2DReceiver.jsp", form_fields(payment.request), timeout=10
        )
        (token,) = set(re.findall(r"/bank/([0-9a-f-]{36})/", at_bank.url))
        bank = f"{stack.sandbox_url}/bank/{token}/"
        browser.post(bank, {"CardNum": "1234", "HPin": "1234"}, timeout=10)
        browser.post(f"{bank}sahkan/", timeout=10)
        browser.post(f"{stack.sandbox_url}/senario/", {"name": "normal"}, timeout=10)
