"""A game of money: payers, banks, a lying network, officers and a clock against the services.

Hypothesis plays it on the real database. The game keeps its own short account of what the banks
truly took and what officers truly gave back, and after every step holds the portal to it.
"""

from collections import Counter
from contextlib import suppress
from dataclasses import dataclass
from datetime import timedelta
from decimal import Decimal
from random import Random
from types import SimpleNamespace

from django.db import connection, transaction
from django.db.models import Sum
from hypothesis import strategies as st
from hypothesis.stateful import RuleBasedStateMachine, initialize, invariant, precondition, rule

from contributions.services import contributing, plans
from foundation import outbox
from foundation.models import OutboxRow
from foundation.refusals import SameOfficer
from payments.fpx import Unreachable, client
from payments.models import GatewayMessage, Payment, PaymentCase, Refund
from payments.services import (
    attempts,
    double_payments,
    enquiries,
    invariants,
    messages,
    refunds,
    undecided,
    unverified,
)
from payments.services import cases as payment_cases
from receipts.models import Receipt
from tests.factories import AT, decide, get_rate
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
# How far it has come before the first step.
OPENINGS = st.sampled_from(["at the bank", "given up", "paid twice", "refund asked for", "sent"])
MINUTES = st.sampled_from([1, 4, 10, 21, 90, 60 * 25, 60 * 73, 60 * 24 * 35])
MAY_NOT_PAY_TWICE = (
    attempts.NotPayable,
    attempts.AttemptUndecided,
    contributing.NextPeriodAlreadyBought,
    contributing.ContributionHeld,
    contributing.MayNotPay,
)
WORLD = SimpleNamespace()  # who plays: the drivers, their bank, two officers
REACHED = Counter()  # how often the games came to what they are about


@dataclass
class News:
    """A genuine message of FPX, and whether it has arrived."""

    reference: str
    code: str
    raw: bytes
    is_told: bool = False


class Money(RuleBasedStateMachine):
    """One game: two drivers, their banks, and what lies between."""

    @initialize(opening=OPENINGS, months=st.sampled_from([1, 12]))
    def begin(self, opening, months):
        """Somebody has begun to pay; what a game writes is rolled back at its end."""
        self._sit_down()
        self.create(driver=0, months=months)
        if opening == "given up":
            self.step_forward(by=21)
        elif opening != "at the bank":
            self.second_success(which=0)
            self.reorder(seed=0, channel="callback")
            steps = [self.request_refund, self.approve_refund, self.send_refund]
            for step in steps[: {"paid twice": 0, "refund asked for": 1, "sent": 3}[opening]]:
                step(which=0)

    def _sit_down(self):
        self.game = transaction.atomic()
        self.game._from_testcase = True  # storing insists on being outermost
        self.game.__enter__()
        self.now = AT
        self.said = []  # all genuine news
        self.truth = {}  # reference -> what FPX would answer to an enquiry
        self.status = {}  # reference -> where the payment stands
        self.paid = set()  # references of which a genuine success was stored
        self.moments = {}  # receipt number -> its moment when first seen
        self.next_periods = 0  # bought with money that was paid twice
        self.refunds = {}  # primary key -> where the refund stands
        self.returned = Counter()  # reference -> ringgit that a bank gave back
        self.is_odd = False  # a bank's credit code was, or a registration was rejected

    def teardown(self):
        if hasattr(self, "game"):
            transaction.set_rollback(True)
            self.game.__exit__(None, None, None)

    # --- what payers and banks do ------------------------------------------------------------
    @rule(driver=st.integers(0, 1), months=st.sampled_from([1, 12]))
    def create(self, driver, months):
        """A driver owes a contribution, or changes his mind, and goes to the bank."""
        registration = WORLD.registrations[driver]
        registration.refresh_from_db()
        if registration.status == "rejected":
            return
        rate = get_rate(1, months)
        with suppress(*MAY_NOT_PAY_TWICE):
            plans.choose_plan(registration=registration, rate=rate, at=self.now)
            owed = contributing.submit_and_pay(
                registration=registration, by=registration.user, at=self.now
            )
            self._start(owed)

    @precondition(lambda self: self.truth)
    @rule(which=PICK, code=CODES)
    def decide(self, which, code):
        """The bank decides, or changes its mind; news of it is now under way."""
        payment = self._payment(which)
        if not self._took(payment):  # money that was taken stays taken
            self._say(payment, code)

    @precondition(lambda self: self.truth)
    @rule(which=PICK)
    def begin_another(self, which):
        """His bank still waits after twenty minutes: the page warns him, and he begins anew."""
        self._begin_another(self._payment(which))

    @precondition(lambda self: self.truth)
    @rule(which=PICK)
    def second_success(self, which):
        """He did so, and both banks take the money; news of both is under way."""
        first = self._payment(which)
        second = self._begin_another(first)
        for payment in [second, first] if second else []:
            self._say(payment, "00")

    @precondition(lambda self: self.truth)
    @rule(which=PICK)
    def credit_oddly(self, which):
        """His bank has debited him, but says that the seller was not credited."""
        payment = self._payment(which)
        if not self._took(payment):
            self._say(payment, "00", credit="51")
            self.is_odd = True

    # --- how news arrives --------------------------------------------------------------------
    @precondition(lambda self: self._under_way())
    @rule()
    def callback(self):
        """FPX tells us directly."""
        self._tell(self._under_way()[0], "callback")

    @precondition(lambda self: self._under_way())
    @rule()
    def bank_return(self):
        """A payer's browser brings it."""
        self._tell(self._under_way()[0], "return")

    @precondition(lambda self: len(self._under_way()) > 1)
    @rule(seed=PICK, channel=CHANNELS)
    def reorder(self, seed, channel):
        """All that is under way comes at once, in an order of its own."""
        REACHED["reordered"] += 1
        under_way = self._under_way()
        Random(seed).shuffle(under_way)
        for news in under_way:
            self._tell(news, channel)

    @precondition(lambda self: self._told())
    @rule(which=PICK, channel=CHANNELS, copies=st.integers(1, 3))
    def duplicate(self, which, channel, copies):
        """What has come comes again, however old, by either way."""
        told = self._told()
        for _copy in range(copies):
            self._tell(told[which % len(told)], channel)

    @precondition(lambda self: self._given_up())
    @rule(which=PICK, channel=CHANNELS)
    def late_success(self, which, channel):
        """What failed or expired was paid after all."""
        REACHED["late success"] += 1
        given_up = self._given_up()
        payment = Payment.objects.get(reference=given_up[which % len(given_up)])
        self._tell(self._say(payment, "00"), channel)
        assert Payment.objects.get(pk=payment.pk).status == "succeeded"

    @precondition(lambda self: self.truth)
    @rule(which=PICK, channel=CHANNELS, lie=LIES)
    def tamper(self, which, channel, lie):
        """A forged message, or one about another order or amount, credits nothing."""
        raw = fakes.answer(self._payment(which), "00", fpx_at=self.now, **lie)
        message = messages.record_message(channel=channel, raw=raw, at=self.now)
        assert message.verdict in {"unverified", "anomaly"}

    @precondition(lambda self: self.truth)
    @rule(which=PICK, is_down=st.booleans())
    def enquire(self, which, is_down):
        """FPX is asked, and answers the truth, or not at all."""
        self._ask(self._payment(which), is_down)

    # --- what the portal's processes do ------------------------------------------------------
    @precondition(lambda self: self._under_way())
    @rule()
    def kill_the_judge(self):
        """News is stored, and the web worker is killed before it is judged."""
        news = self._under_way()[0]
        look = unverified.look_at(channel="callback", raw=news.raw, at=self.now)
        messages._store("callback", look, self.now)
        self._note(news)

    @precondition(lambda self: self.truth)
    @rule(has_acted=st.booleans())
    def restart_worker(self, has_acted):
        """Workers die with what they had taken, before the act or right after it."""
        for row in OutboxRow.objects.due(self.now):
            outbox._claim(row.pk, self.now)
            if has_acted:
                with suppress(outbox.NotYet):  # the mail, taken before the receipt is drawn
                    outbox.ACTS[row.kind].handler(row.subject_id, at=self.now)

    @rule(beats=st.integers(1, 2))
    def sweep(self, beats):
        """The clock ticks, and a second one does too."""
        for _beat in range(beats):
            self._tick()

    @rule(by=MINUTES)
    def step_forward(self, by):
        """Minutes or days go by, and the clock starts what it starts."""
        self.now += timedelta(minutes=by)
        self._tick()

    @rule(by=st.sampled_from([1, 59]))
    def step_back(self, by):
        """The machine's clock was wrong and is set."""
        self.now -= timedelta(minutes=by)

    # --- what officers do about it -------------------------------------------------------------
    @precondition(lambda self: len(self.paid) > 1)
    @rule(driver=st.integers(0, 1))
    def reject(self, driver):
        """What was paid for is rejected: its cover stands, and finance looks at the money."""
        registration = WORLD.registrations[driver]
        registration.refresh_from_db()
        if registration.status == "submitted" and registration.queued_at:
            officer = WORLD.officers[0]
            decide(registration, "rejected", officer, self.now)
            payment_cases.open_refund_case(registration=registration, by=officer, at=self.now)
            self.is_odd = True
            REACHED["rejected"] += 1

    @precondition(lambda self: self.now > AT + timedelta(hours=72))
    @rule(which=PICK)
    def stop_waiting(self, which):
        """What no bank decides in three days is waited for no more, unless it has been since."""
        cases = PaymentCase.objects.filter(kind="undecided", status="open").order_by("pk")
        for case in cases[which % max(1, len(cases)) :][:1]:
            is_undecided = self.status[case.payment.reference] in {"started", "pending"}
            try:
                undecided.stop_waiting(case=case, reason="lama", by=WORLD.officers[0], at=self.now)
            except undecided.NothingUndecided:
                assert not is_undecided
            else:
                assert Payment.objects.get(pk=case.payment_id).status == "expired"
                REACHED["waited for no more"] += 1

    # --- what becomes of money that was taken twice --------------------------------------------
    @precondition(lambda self: self._refundable())
    @rule(which=PICK, is_part=st.booleans())
    def request_refund(self, which, is_part=False):
        """An officer asks for it, whole or in part, through whichever case of the payment."""
        cases = self._refundable()
        case = cases[which % len(cases)]
        most = refunds.refundable(case=case)
        if most:
            facts = {"case": case, "reason": "dua kali", "by": WORLD.officers[0], "at": self.now}
            amount = Decimal("1.00") if is_part else most
            refund = refunds.request_refund(**facts, amount=amount)
            self.refunds[refund.pk] = refund.status

    @precondition(lambda self: self._refunds("requested"))
    @rule(which=PICK)
    def approve_refund(self, which):
        """Another one approves; he who asked may not."""
        refund, (one, other) = self._refund(which, "requested"), WORLD.officers
        with suppress(SameOfficer):
            refunds.approve_refund(refund=refund, by=one, at=self.now)
            raise AssertionError("one officer has moved money alone")
        refunds.approve_refund(refund=refund, by=other, at=self.now)
        self.refunds[refund.pk] = refund.status

    @precondition(lambda self: self._refunds("approved", "failed"))
    @rule(which=PICK)
    def send_refund(self, which):
        """It is entered in the acquirer's portal, perhaps once more."""
        refund = self._refund(which, "approved", "failed")
        refunds.record_refund_sent(
            refund=refund, bank_reference="R1", by=WORLD.officers[0], at=self.now
        )
        self.refunds[refund.pk] = refund.status

    @precondition(lambda self: self._refunds("sent"))
    @rule(which=PICK, is_done=st.booleans())
    def end_refund(self, which, is_done):
        """The bank gives the money back, or cannot."""
        refund = self._refund(which, "sent")
        end = refunds.record_refund_done if is_done else refunds.record_refund_failed
        end(refund=refund, note="bank", by=WORLD.officers[0], at=self.now)
        self.refunds[refund.pk] = refund.status
        self.returned[refund.payment.reference] += refund.amount if is_done else 0
        REACHED[f"refund {refund.status}"] += 1

    @precondition(lambda self: self._refunds("requested", "approved", "failed"))
    @rule(which=PICK)
    def refuse_refund(self, which):
        """An officer takes it back."""
        refund = self._refund(which, "requested", "approved", "failed")
        refunds.refuse_refund(refund=refund, reason="silap", by=WORLD.officers[1], at=self.now)
        self.refunds[refund.pk] = refund.status
        REACHED["refund refused"] += 1

    @precondition(lambda self: self._double_payments())
    @rule(which=PICK, is_refund=st.sampled_from([False, False, True]))
    def choose(self, which, is_refund):
        """The payer says what he wants of it: his money, or the next period, which he gets."""
        case = self._case(which)
        may_choose = double_payments.may_choose(case=case)
        act = double_payments.choose_refund if is_refund else double_payments.choose_next_period
        with suppress(payment_cases.CaseNotOpen, *MAY_NOT_PAY_TWICE):
            act(case=case, by=case.payment.contribution.registration.user, at=self.now)
            assert may_choose
            self.next_periods += not is_refund
            REACHED["next period"] += not is_refund

    # --- what must hold ----------------------------------------------------------------------
    @invariant()
    def invariants_hold(self):
        """The portal's own rules."""
        if hasattr(self, "game"):
            connection.check_constraints()
            assert invariants.check_rows(at=self.now) == []

    @invariant()
    def what_was_paid_is_credited_and_nothing_else(self):
        """The account that the game keeps."""
        if not hasattr(self, "game"):
            return
        payments = Payment.objects.values_list("reference", "status", "contribution")
        self.status = {reference: status for reference, status, _ in payments}
        credited = {one for one, status in self.status.items() if status == "succeeded"}
        assert credited <= self.paid
        if not GatewayMessage.objects.unjudged().exists():
            assert credited == self.paid
        bought = {owed for _, status, owed in payments if status == "succeeded"}
        receipts = Receipt.objects.values_list("number", "issued_at")
        assert len(receipts) == len(bought) + self.next_periods
        for number, issued_at in receipts:
            assert self.moments.setdefault(number, issued_at) == issued_at

    @invariant()
    def what_went_back_went_back_once(self):
        """Refunds stand where the game left them, and come to what banks gave back."""
        if not hasattr(self, "game") or not self.refunds:
            return
        assert dict(Refund.objects.values_list("pk", "status")) == self.refunds
        done = Refund.objects.filter(status="done").values_list("payment__reference")
        assert dict(done.annotate(Sum("amount"))) == +self.returned

    # --- the game's hands --------------------------------------------------------------------
    def _start(self, contribution):
        payment = attempts.start_payment(
            contribution=contribution, bank=WORLD.bank, buyer_email="", at=self.now
        )
        self.truth[payment.reference] = "76"
        return payment

    def _begin_another(self, first):
        """The second payment, or None when he may not begin one."""
        if not self._took(first):
            self.truth[first.reference] = "09"
        self.now = max(self.now, first.ends_at)
        self.step_forward(by=1)
        self._ask(first)
        with suppress(attempts.NotPayable, attempts.AttemptUndecided):
            return self._start(first.contribution)

    def _payment(self, which):
        return Payment.objects.get(reference=list(self.truth)[which % len(self.truth)])

    def _given_up(self):
        return [one for one, status in self.status.items() if status in {"failed", "expired"}]

    def _took(self, payment):
        return self.truth[payment.reference] == "00"

    def _say(self, payment, code, **facts):
        self.truth[payment.reference] = code
        raw = fakes.answer(payment, code, fpx_at=self.now, **facts)
        self.said.append(News(payment.reference, code, raw))
        return self.said[-1]

    def _under_way(self):
        return [news for news in self.said if not news.is_told]

    def _told(self):
        return [news for news in self.said if news.is_told]

    def _tell(self, news, channel):
        message = messages.record_message(channel=channel, raw=news.raw, at=self.now)
        if news.code == "00":  # judged before, unless its first judge was killed
            was_paid = self.status.get(news.reference) == "succeeded"
            assert message.verdict in ({"repeated"} if was_paid else {"accepted", "repeated"})
        assert message.verdict in {"accepted", "repeated", "anomaly"}
        self._note(news)

    def _note(self, news):
        news.is_told = True
        if news.code == "00":
            self.paid.add(news.reference)

    def _ask(self, payment, is_down=False):
        def answer(request, *, timeout):
            if is_down:
                raise Unreachable("away")
            code = self.truth[payment.reference]
            if code == "00":
                self.paid.add(payment.reference)
            return client.Reply(fakes.answer(payment, code, fpx_at=self.now), timedelta())

        with WORLD.patch.context() as patch, suppress(enquiries.EnquiredJustNow, Unreachable):
            patch.setattr(client, "ask", answer)
            enquiries.enquire(payment=payment, at=self.now)

    def _tick(self):
        """Each job once, as beat would, and every act that is due."""
        enquiries.judge_left_over(at=self.now)
        old = self.now - timedelta(minutes=1)
        assert not GatewayMessage.objects.unjudged().filter(received_at__lte=old).exists()
        for payment in Payment.objects.to_enquire(self.now):
            self._ask(payment)
        enquiries.expire_unseen(at=self.now)
        enquiries.open_overdue_cases(at=self.now)
        outbox.sweep(at=self.now)
        for row in OutboxRow.objects.due(self.now):
            outbox.attempt(row.pk, at=self.now)

    def _double_payments(self):
        """Only of two payments of one contribution; asked of the database when there may be."""
        if len(self.paid) < 2:
            return []
        return list(PaymentCase.objects.double_payments().filter(status="open"))

    def _refundable(self):
        """These, and what else officers may give money back for."""
        if not self.is_odd:
            return self._double_payments()
        kinds = ["credit_code", "double_payment", "rejected_paid"]
        return list(PaymentCase.objects.filter(status="open", kind__in=kinds))

    def _case(self, which):
        cases = self._double_payments()
        return cases[which % len(cases)]

    def _refunds(self, *statuses):
        return [pk for pk, status in self.refunds.items() if status in statuses]

    def _refund(self, which, *statuses):
        pks = self._refunds(*statuses)
        return Refund.objects.select_related("case", "payment").get(pk=pks[which % len(pks)])
