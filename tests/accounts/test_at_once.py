"""Acts on one account at the same moment, on real connections: none waits for another in a ring.

The first, once it has taken a code, a link or a session, takes its time until the other waits, so
that they are sure to meet.
"""

from contextlib import suppress
from datetime import timedelta
from threading import Event
from uuid import uuid4

import pytest

from accounts.models import (
    AccountCase,
    ContactChange,
    EmailLink,
    LogIn,
    PhoneDevice,
    Session,
)
from accounts.services import cases, codes, contacts, devices, log_in, password_reset, sessions
from accounts.services.links import ClosedLink
from foundation.refusals import Refusal
from perkeso.privacy.services import close_account
from tests.factories import AT, make_code, make_officer, make_token, make_user
from tests.payments.test_crediting_at_once import at_once, until_another_waits

pytestmark = pytest.mark.django_db(transaction=True)
LATER = AT + timedelta(minutes=1)


@pytest.fixture
def is_taken(monkeypatch):
    """Set once the first has taken something; it goes on when another waits for it."""
    is_taken = Event()

    def slowly(act):
        def taking(*args, **facts):
            taken = act(*args, **facts)
            if not is_taken.is_set():
                is_taken.set()
                until_another_waits()
            return taken

        return taking

    monkeypatch.setattr(EmailLink, "why_closed", slowly(EmailLink.why_closed))
    monkeypatch.setattr(PhoneDevice, "use_code", slowly(PhoneDevice.use_code))
    monkeypatch.setattr(sessions, "_end", slowly(sessions._end))
    return is_taken


def resetting(user):
    link = EmailLink.objects.create(user=user, purpose="reset", requested_at=AT)
    link.make_token(AT)
    facts = {"proved_user_id": user.pk, "old_secret": "", "attempt": uuid4()}
    return lambda: password_reset.set_new_password(
        link_id=link.pk, password="hujan di atas bumbung zink", at=LATER, **facts
    )


def confirming_e_mail(user):
    contacts.request_new_email(user=user, email="baharu@contoh.com", log_in_id=None, at=AT)
    make_token(user, "new_email")
    link = user.links.get(purpose="new_email")
    return lambda: contacts.confirm_new_email(link_id=link.pk, session_key=None, at=LATER)


def confirming_phone(user):
    facts = {"phone": "+60171234567", "attempt": uuid4(), "log_in_id": None, "at": AT}
    change = contacts.request_new_phone(user=user, **facts)
    digits = make_code(user, "new_phone")
    return lambda: contacts.confirm_new_phone(
        change=change, digits=digits, session_key=None, at=LATER
    )


def undoing(user):
    facts = {"phone": user.phone, "old_phone": "+60123999999", "old_email": "lama@contoh.com"}
    change = ContactChange.objects.create(user=user, requested_at=AT, changed_at=AT, **facts)
    link = EmailLink.objects.create(
        user=user, purpose="undo", contact_change=change, requested_at=AT
    )
    link.make_token(AT)
    return lambda: contacts.undo_change(link_id=link.pk, at=LATER)


def logging_in(user):
    attempt = uuid4()
    codes.request_code_once(log_in.code_check(user, attempt), at=AT)
    facts = {"digits": make_code(user, "log_in"), "is_to_be_remembered": True, "old_secret": ""}
    return lambda: log_in.confirm_device(user=user, attempt=attempt, at=LATER, **facts)


def closing(user):
    return lambda: close_account(user=user, at=LATER)


def closing_a_taken_one(user):
    told = cases.Report(user.ic_number, user.full_name, "+60123456789", "pemilik@contoh.com")
    facts = {"attempt": uuid4(), "kind": AccountCase.Kind.IC_NUMBER_TAKEN, "network": "", "at": AT}
    case = cases.report_case(report=told, **facts)
    cases.propose_closing(case=case, note="MyKad", by=make_officer(), at=AT)
    second = make_officer("Encik Selvam")
    return lambda: cases.confirm_closing(case=case, note="MyKad", by=second, at=LATER)


def forgetting_a_device(user):
    device = devices.remember_device(user=user, old_secret="", at=AT)
    begun = LogIn.objects.create(user=user, device=device, browser="Chrome, Android", at=AT)
    facts = {"session_data": "", "expire_date": LATER, "user_id": user.pk}
    Session.objects.create(session_key="x" * 32, log_in_id=begun.pk, **facts)
    return lambda: sessions.forget_device(device=device, at=LATER)


def logging_out_everywhere(user):
    return lambda: sessions.end_everything(user=user, at=LATER)


@pytest.mark.parametrize(
    ("first", "other"),
    [
        (resetting, undoing),
        (resetting, closing),
        (confirming_e_mail, closing_a_taken_one),
        (confirming_e_mail, undoing),
        (logging_in, confirming_phone),
        (forgetting_a_device, logging_out_everywhere),
    ],
)
def test_two_acts_on_an_account_do_not_wait_in_a_ring(first, other, is_taken):
    user = make_user()
    acts = [first(user), other(user)]

    def begin():
        acts[0]()
        return True

    def join():
        is_taken.wait(timeout=10)
        with suppress(Refusal, ClosedLink):  # the first has ended it
            acts[1]()
        return True

    assert at_once(begin, join) == [True, True]
