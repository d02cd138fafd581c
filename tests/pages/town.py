"""The town that visits happen in: every state has its person, every list has a row."""

from datetime import timedelta
from uuid import uuid4

import time_machine
from django.test import Client

from accounts.models import AccountCase
from accounts.services.cases import Report, report_case
from accounts.services.corrections import propose_correction
from development.cast import DAY, NAMED, make
from development.people import pay, register
from foundation import proposals
from foundation.alarms import raise_alarm
from foundation.proposals import Proposal
from payments.models import Bank
from payments.services import reconciliation
from receipts.services import correction
from registration.services import exports
from tests.factories import AT, make_officer, make_settlement_file, make_user
from tests.pages.visits import driver


def make_town() -> None:
    """A person in every state, one with pages of history, and something in every list."""
    with time_machine.travel(AT, tick=False):
        for person, _words, story in NAMED:
            make(person, story, at=AT)
        _fill_a_history()
        _propose_a_correction()
        _propose_a_price()
        _correct_a_receipt()
        _report_an_ic_number_taken()
        exports.request_export(which="all", by=make_officer(), at=AT)
        stranger = "D,TIDAKDIKENALI,2611220000000000,20261122000000,13.10"
        raw = make_settlement_file(stranger)
        reconciliation.record_settlement_file(raw=raw, name="hari.csv", by=make_officer(), at=AT)
        raise_alarm("outbox_late", "1", at=AT)
        Bank.objects.update(listed_at=AT)  # else the page would ask FPX


def _fill_a_history() -> None:
    """Yusof pays month after month: lists of several pages."""
    user = make_user("Yusof bin Panjang", at=AT - 700 * DAY)
    registration = register(user, at=AT - 600 * DAY)
    for month in range(15):
        pay(registration, at=AT - 590 * DAY + month * 32 * DAY)


def _propose_a_correction() -> None:
    """Chandran's name was misspelt."""
    user = driver("Chandran")(Client())
    propose_correction(
        user=user,
        full_name="Chandran a/l Muthusamy",
        ic_number=user.ic_number,
        reason="Tersalah eja",
        by=make_officer("Encik Selvam"),
        at=AT,
    )


def _propose_a_price() -> None:
    """Plan 1 will cost more."""
    proposals.propose(
        kind=Proposal.Kind.PLAN_RATE,
        about={"plan_number": 1, "months": 1},
        follows={"amount": "15.00", "insured_monthly_earnings": "1200.00"},
        effective_from=AT.date() + timedelta(days=40),
        reason="P.U.(A) 1/2027",
        by=make_officer("Encik Hafiz"),
        at=AT,
    )


def _correct_a_receipt() -> None:
    """Elias's name was misspelt, and two officers put it right."""
    user = driver("Elias")(Client())
    user.full_name = "Elias b. Osman"
    user.save()
    correction.correct_receipt(receipt=user.receipts.get(), by=make_officer("Encik Hafiz"), at=AT)


def _report_an_ic_number_taken() -> None:
    """Somebody else has Elias's number."""
    ic_number = driver("Elias")(Client()).ic_number
    report = Report(ic_number, "Elias anak Jugah", "+60198765432", "elias@contoh.com")
    kind = AccountCase.Kind.IC_NUMBER_TAKEN
    report_case(attempt=uuid4(), kind=kind, report=report, network="", at=AT)
