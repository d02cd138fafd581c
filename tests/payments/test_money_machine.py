"""Whatever comes, in whatever order: after every step the invariants hold.

Hypothesis plays payers, banks, a lying network and a clock against the real services on the real
database, and keeps its own short account of what FPX truly said. `MONEY_RUNS` sets how many games
the proof plays: 200, or 2000 in half an hour.
"""

import os
from contextlib import suppress
from datetime import timedelta
from types import SimpleNamespace

import pytest
from django.db import connection, transaction
from hypothesis import HealthCheck, Phase, event, settings
from hypothesis import strategies as st
from hypothesis.stateful import RuleBasedStateMachine, initialize, invariant, precondition, rule
from hypothesis.stateful import run_state_machine_as_test as play

from contributions import services as contributions
from payments import services
from payments.fpx import Unreachable, client
from payments.models import Case, GatewayMessage, Payment
from payments.services import messages
from perkeso import outbox
from perkeso.models import OutboxRow
from receipts.models import Receipt
from tests.factories import (
    AT,
    get_rate,
    make_banks,
    make_officer,
    make_registration,
    make_user,
)
from tests.payments import fakes

CHANNELS = st.sampled_from(["callback", "return"])
CODES = st.sampled_from(["00", "00", "51", "1L", "1A", "09", "99", "XE", "ZZ"])
LIES = st.sampled_from(
    [
        {"key_name": "fpx_wrong.key"},
        {"key_name": "seller.key"},
        {"txnAmount": "13.09"},
        {"txnCurrency": "SGD"},
        {"sellerExOrderNo": "261122ZZZZZZZZZZ"},
        {"fpxTxnId": ""},
    ]
)
PICK = st.integers(0, 99)
WORLD = SimpleNamespace()


class Money(RuleBasedStateMachine):
    """One game: two drivers, their banks, and what lies between."""

    @initialize()
    def begin(self):
        """A fresh database: what a game writes is rolled back at its end."""
        self.game = transaction.atomic()
        self.game._from_testcase = True  # storing insists on being outermost
        self.game.__enter__()
        self.now = AT
        self.said = []  # every genuine body that FPX made
        self.truth = {}  # reference -> what FPX would answer to an enquiry
        self.paid = set()  # references of which a genuine success was judged
        self.moments = {}  # receipt number -> its moment when first seen
        self.left_over = 0
        self.next_periods = 0  # bought with money that was paid twice

    def teardown(self):
        if hasattr(self, "game"):
            transaction.set_rollback(True)
            self.game.__exit__(None, None, None)

    # --- what people do ----------------------------------------------------------------------
    @rule(driver=st.integers(0, 1), months=st.sampled_from([1, 12]))
    def create(self, driver, months):
        """Owes a contribution, or changes his mind, and goes to the bank."""
        registration = WORLD.registrations[driver]
        registration.refresh_from_db()
        with suppress(
            services.NotPayable,
            services.AttemptUndecided,
            contributions.NextPeriodAlreadyBought,
            contributions.ContributionHeld,
        ):
            contributions.choose_plan(
                registration=registration, rate=get_rate(1, months), at=self.now
            )
            owed = contributions.submit_and_pay(
                registration=registration, by=registration.user, at=self.now
            )
            payment = services.start_payment(
                contribution=owed, bank=WORLD.bank, buyer_email="", at=self.now
            )
            self.truth[payment.reference] = "76"

    # --- what the bank and FPX do ------------------------------------------------------------
    @precondition(lambda self: self.truth)
    @rule(which=PICK, code=CODES)
    def decide(self, which, code):
        """The bank decides, or changes its mind; a message about it is now under way."""
        payment = self._payment(which)
        if not self._took(payment):  # money that was taken stays taken
            self.truth[payment.reference] = code
            self.said.append(self._body(payment, code))

    @precondition(lambda self: self.said)
    @rule(which=PICK, channel=CHANNELS, copies=st.integers(1, 3))
    def deliver(self, which, channel, copies):
        """Any message that ever was made comes: late, twice, out of order."""
        reference, code, raw = self.said[which % len(self.said)]
        for _copy in range(copies):
            message = services.record_message(channel=channel, raw=raw, at=self.now)
            assert message.verdict in {"accepted", "repeated", "anomaly"}
        if code == "00":
            self.paid.add(reference)

    @precondition(lambda self: self.said)
    @rule(which=PICK)
    def lose_the_judge(self, which):
        """A message is stored, and its judge is killed."""
        reference, code, raw = self.said[which % len(self.said)]
        messages._store("callback", raw, self.now)
        if code == "00":
            self.paid.add(reference)
        self.left_over += 1

    @precondition(lambda self: self.truth)
    @rule(which=PICK, channel=CHANNELS, lie=LIES)
    def tamper(self, which, channel, lie):
        """A forged message, or one about another order or amount, credits nothing."""
        payment = self._payment(which)
        raw = fakes.answer(payment, "00", fpx_at=self.now, **lie)
        message = services.record_message(channel=channel, raw=raw, at=self.now)
        assert message.verdict in {"unverified", "anomaly", "repeated"}

    @precondition(lambda self: self.truth)
    @rule(which=PICK, is_paid=st.booleans())
    def begin_a_second(self, which, is_paid):
        """The bank still waits after twenty minutes; he begins another, and may pay both."""
        first = self._payment(which)
        self.truth[first.reference] = "09" if not self._took(first) else "00"
        self.now = max(self.now, first.ends_at)
        self.advance(by=1)
        self._ask(first)
        with suppress(services.NotPayable, services.AttemptUndecided):
            second = services.start_payment(
                contribution=first.contribution, bank=WORLD.bank, buyer_email="", at=self.now
            )
            self.truth[second.reference] = "76"
            for payment in [second, first] if is_paid else []:
                self.truth[payment.reference] = "00"
                self.said.append(self._body(payment, "00"))

    @precondition(lambda self: self.truth)
    @rule(which=PICK)
    def succeed_late(self, which):
        """What failed or expired is paid after all, and nobody but an enquiry tells."""
        self.advance(by=60)
        self.truth[self._payment(which).reference] = "00"

    # --- what we do --------------------------------------------------------------------------
    @precondition(lambda self: self.truth)
    @rule(which=PICK, is_down=st.booleans())
    def enquire(self, which, is_down):
        """FPX is asked, and answers the truth, or not at all."""
        self._ask(self._payment(which), is_down)

    @precondition(lambda self: self.truth)
    @rule(which=PICK, is_refunded=st.booleans(), is_done=st.booleans())
    def see_to_a_double_payment(self, which, is_refunded, is_done):
        """Finance gives the second money back, or the payer takes his next period."""
        cases = list(Case.objects.open().filter(kind="double_payment", status="waiting"))
        if not cases:
            return
        case = cases[which % len(cases)]
        if is_refunded:
            self._refund(case, is_done)
            return
        with suppress(contributions.NextPeriodAlreadyBought, services.CaseNotWaiting):
            services.choose_next_period(case=case, by=WORLD.payer(case), at=self.now)
            self.next_periods += 1

    def _refund(self, case, is_done):
        one, other = WORLD.officers
        with suppress(services.NothingToRefund):
            facts = {"case": case, "amount": case.payment.amount, "reason": "dua kali"}
            refund = services.request_refund(**facts, by=one, at=self.now)
            services.approve_refund(refund=refund, by=other, at=self.now)
            services.record_refund_sent(refund=refund, bank_reference="R1", by=one, at=self.now)
            end = services.record_refund_done if is_done else services.record_refund_failed
            end(refund=refund, note="bank", by=one, at=self.now)

    @rule()
    def restart_worker(self):
        """Workers die with what they had taken: it is free again after its lease."""
        for row in OutboxRow.objects.due(self.now):
            outbox._claim(row.pk, self.now)

    @rule(by=st.sampled_from([1, 4, 10, 21, 90, 60 * 25, 60 * 73, 60 * 24 * 35]))
    def advance(self, by):
        """Minutes or days go by, and the clock starts what it starts."""
        self.now += timedelta(minutes=by)
        self._tick()

    @rule(by=st.sampled_from([1, 59]))
    def step_back(self, by):
        """The machine's clock was wrong and is set."""
        self.now -= timedelta(minutes=by)

    @rule()
    def sweep(self):
        """The clock ticks."""
        self._tick()

    # --- what must hold ----------------------------------------------------------------------
    @invariant()
    def invariants_hold(self):
        """The portal's own rules."""
        if hasattr(self, "game"):
            connection.check_constraints()
            assert services.check_invariants(at=self.now, most_files=0) == []

    @invariant()
    def what_was_paid_is_credited_and_nothing_else(self):
        """The account that the game keeps."""
        if not hasattr(self, "game"):
            return
        credited = set(
            Payment.objects.filter(status="succeeded").values_list("reference", flat=True)
        )
        assert credited <= self.paid
        if not self.left_over:
            assert credited == self.paid
        event(
            f"{len(credited)} credited, {Case.objects.filter(kind='double_payment').count()} twice"
        )
        receipts = Receipt.objects.all()
        paid = Payment.objects.filter(status="succeeded").values("contribution")
        assert receipts.count() == paid.distinct().count() + self.next_periods
        for receipt in receipts:
            assert self.moments.setdefault(receipt.number, receipt.issued_at) == receipt.issued_at

    # --- the game's hands --------------------------------------------------------------------
    def _payment(self, which):
        return Payment.objects.get(reference=list(self.truth)[which % len(self.truth)])

    def _took(self, payment):
        return self.truth[payment.reference] == "00"

    def _body(self, payment, code):
        return payment.reference, code, fakes.answer(payment, code, fpx_at=self.now)

    def _ask(self, payment, is_down=False):
        def answer(request):
            if is_down:
                raise Unreachable("away")
            reference, code, raw = self._body(payment, self.truth[payment.reference])
            if code == "00":
                self.paid.add(reference)
            return client.Reply(raw, timedelta())

        with WORLD.patch.context() as patch, suppress(services.EnquiredJustNow, Unreachable):
            patch.setattr(client, "ask", answer)
            services.enquire(payment=payment, at=self.now)

    def _tick(self):
        """Each job once, as beat would, and every act that is due."""
        services.judge_left_over(at=self.now)
        self.left_over = GatewayMessage.objects.unjudged().count()
        for payment in Payment.objects.to_enquire(self.now):
            self._ask(payment)
        services.expire_unseen(at=self.now)
        services.open_overdue_cases(at=self.now)
        outbox.sweep(at=self.now)
        for row in OutboxRow.objects.due(self.now):
            outbox.attempt(row.pk, at=self.now)


@pytest.fixture
def world(db, monkeypatch):
    """Two drivers who may pay; drawing and telling are stubs, which may still fail."""
    WORLD.bank = make_banks()
    WORLD.registrations = [make_registration(make_user(name)) for name in ("Aminah", "Boon")]
    WORLD.officers = [make_officer("Puan Rohani"), make_officer("Encik Daud")]
    WORLD.payer = lambda case: case.payment.contribution.registration.user
    WORLD.patch = monkeypatch
    monkeypatch.setattr("receipts.pdf.write", lambda receipt: b"%PDF")
    monkeypatch.setattr("accounts.sms.send_template", lambda *words, **facts: None)
    monkeypatch.setattr(outbox.deliver, "delay", lambda row_id: None)


def run(games, steps):
    play(
        Money,
        settings=settings(
            max_examples=games,
            stateful_step_count=steps,
            deadline=None,
            database=None,
            phases=[Phase.generate],  # a game that fails is short enough to read
            suppress_health_check=list(HealthCheck),
        ),
    )


def test_a_few_games(world):
    run(games=6, steps=12)


@pytest.mark.proof
@pytest.mark.parametrize("half", [1, 2])  # for two cores
def test_many_games(world, half):
    run(games=int(os.environ.get("MONEY_RUNS", "200")) // 2, steps=20)
