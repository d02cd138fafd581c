"""Visits: who opens a page, in which state, and what he sends.

A visit happens on Django's test client, in a town where every state has its person
(`development/cast.py`); a browser only has to draw the answer.
"""

from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import timedelta
from io import StringIO
from typing import Any
from urllib.parse import urlsplit

import responses
import time_machine
from django.conf import settings
from django.core.management import call_command
from django.db import transaction
from django.http import HttpResponse
from django.test import Client
from django.urls import reverse
from django.utils import translation

from accounts.http.cookies import owner_cookie
from accounts.http.session import Facts
from accounts.models import AccountCase, EmailLink, User
from accounts.services.cases import (
    CONTACT_DELAY,
    propose_closing,
    propose_contact,
    release_cases,
    stop_case,
)
from accounts.services.watch import SMS_IS_SLOW, SMS_IS_SPENT
from contributions.models import Contribution
from development.people import PASSWORD, begin_payment
from foundation.alarms import raise_alarm
from payments.models import Bank, Payment, PaymentCase, Refund
from payments.models.payments import FPX_DECISION_LIMIT
from payments.services import enquiries
from receipts.models import Receipt
from registration.models import Registration, SupportingDocument
from registration.services import claims, uploads
from tests.accounts.pages import begin, begin_and_prove, open_link
from tests.browser import Browser
from tests.factories import (
    AT,
    FAR,
    make_code,
    make_cover,
    make_document,
    make_file,
    make_officer,
    make_user,
)
from tests.staff.desk import freshly_seated, seated

Who = Callable[[Client], Any]


@dataclass(frozen=True)
class Visit:
    """`at` gives the url's arguments, of whoever visits; `posts` is None for a GET."""

    who: Who
    at: Callable[[Any], tuple[Any, ...]] = lambda user: ()
    posts: dict[str, Any] | None = None
    query: str = ""
    status: int = 200
    language: str = "ms"

    def __str__(self) -> str:
        act = "opens" if self.posts is None else f"posts {self.posts}"
        return f"{self.who.__name__} {act} {self.query} ({self.language})"


def seen(who: Who | str, at: Callable[[Any], tuple[Any, ...]] = lambda user: (), **more) -> Visit:
    """A page that somebody opens."""
    return Visit(driver(who) if isinstance(who, str) else who, at, **more)


def form(who: Who | str, at: Callable[[Any], tuple[Any, ...]] = lambda user: (), **more):
    """A form as it opens, and as it comes back when nothing was typed."""
    return [seen(who, at, **more), seen(who, at, posts={}, **more)]


def each(names: str, at: Callable[[Any], tuple[Any, ...]] = lambda user: (), **more) -> list[Visit]:
    """The same page for several people."""
    return [seen(name, at, **more) for name in names.split()]


# --- who --------------------------------------------------------------------------------------
def stranger(client):
    """Nobody that we know."""


def driver(name):
    """The person of the cast with this first name, signed in."""

    def of_the_cast(client):
        user = next(one for one in User.objects.opened() if one.full_name.startswith(name))
        client.force_login(user)
        return user

    of_the_cast.__name__ = name
    return of_the_cast


def newcomer(client):
    """Has an account and nothing else."""
    user = make_user("Wan Baharu")
    client.force_login(user)
    return user


def awaiting_code(client):
    """Signed up, and reads his SMS."""
    return begin(client)


def awaiting_mailed_code(client):
    """Signed up while somebody spends our SMS: the mailbox is proved first."""
    raise_alarm(SMS_IS_SPENT, "codes", at=AT)
    return begin(client)


def awaiting_mail(client):
    """Proved his phone."""
    return begin_and_prove(client)


def holding_link(client):
    """Opened the mailed link."""
    user = begin_and_prove(client)
    open_link(client, user)
    return user


def holding_used_link(client):
    """Opened it again after it was used."""
    user = holding_link(client)
    EmailLink.objects.filter(user=user).update(used_at=AT)
    return user


def holding_late_link(client):
    """Opened it too late."""
    user = holding_link(client)
    links = EmailLink.objects.filter(user=user, purpose="recover")
    links.update(expires_at=AT - timedelta(hours=1))
    return user


def knowing_phrase(client):
    """Gave his IC number; the phrase is shown to him."""
    user = driver("Aminah")(Client())
    client.post(reverse("accounts:log_in"), {"ic_number": user.ic_number})
    return user


def on_a_new_device(client):
    """Gave the right password on a device that we do not know."""
    user = knowing_phrase(client)
    client.post(reverse("accounts:log_in_password"), {"password": PASSWORD})
    return user


def on_a_new_device_with_slow_sms(client):
    """The same while the gateway is slow."""
    raise_alarm(SMS_IS_SLOW, "gateway", at=AT)
    return on_a_new_device(client)


def typed_too_late(client):
    """Logged in again after a page that he sent had lost its session."""
    user = driver("Aminah")(Client())
    client.cookies[settings.OWNER_COOKIE_NAME] = owner_cookie(user)
    client.post(reverse("registration:service"), {"sector": "taxi", "region": "peninsular"})
    kept = client.session["unsent"]
    client.force_login(user)
    session = client.session
    session["unsent"] = kept
    session.save()
    return user


def resetting(client):
    """Forgot his password; asked for a code."""
    user = driver("Aminah")(Client())
    typed = {"ic_number": user.ic_number, "phone": user.phone}
    client.post(reverse("accounts:forgot_password"), typed)
    return user


def reset_proved(client):
    """Typed the code of the reset."""
    user = resetting(client)
    client.post(reverse("accounts:reset_code"), {"code": make_code(user, "reset")})
    return user


def holding_reset_link(client):
    """Opened the link of the reset."""
    user = reset_proved(client)
    open_link(client, user, "reset")
    return user


def having_sent_a_dark_photo(client):
    """Boon, whose licence can hardly be read."""
    user = driver("Boon")(client)
    registration = Registration.objects.for_user(user).current()
    make_document(registration, "lesen", hints=["dark", "soft"])
    return user


def having_sent(client):
    """Boon, whose card has just been sent: nobody has read the file yet."""
    user = driver("Boon")(client)
    registration = Registration.objects.for_user(user).current()
    uploads.attach_document(
        registration=registration,
        kind="psv",
        number="P1",
        expiry_date=FAR,
        file=make_file(),
        at=AT,
    )
    return user


def refused(client):
    """Boon, whose PDF asked for a password."""
    user = having_sent(client)
    waiting = SupportingDocument.objects.unattached().filter(registration__user=user)
    waiting.update(status="refused", refusal="locked")
    return user


def at_home(client):
    """Aminah in her profile, logged in with password and code on a device that is known now."""
    user = on_a_new_device(client)
    digits = make_code(user, "log_in")
    client.post(reverse("accounts:log_in_code"), {"code": digits, "is_to_be_remembered": "on"})
    return user


def asked_for_proof(client):
    """Wants to change her phone, and must type her password again."""
    user = driver("Aminah")(client)
    client.get(reverse("accounts:change_phone"))
    return user


def asked_for_proof_code(client):
    """And the code."""
    user = asked_for_proof(client)
    client.post(reverse("accounts:prove"), {"password": PASSWORD})
    return user


def proved(client):
    """Gave both."""
    user = asked_for_proof_code(client)
    client.post(reverse("accounts:prove_code"), {"code": make_code(user, "proof")})
    return user


def proved_while_paying(client):
    """Gave both, while the bank has not decided about her payment."""
    user = payer(client)
    client.get(reverse("close_account"))
    client.post(reverse("accounts:prove"), {"password": PASSWORD})
    client.post(reverse("accounts:prove_code"), {"code": make_code(user, "proof")})
    return user


def waiting_for_copy(client):
    """Asked for the copy of everything."""
    user = proved(client)
    client.post(reverse("request_copy"))
    return user


def holding_copy(client):
    """Has it."""
    user = waiting_for_copy(client)
    user.copies.update(made_at=AT, file="copies/x.zip", size=1_400_000)
    return user


def changing_phone(client):
    """Waits for the code to the new phone."""
    user = proved(client)
    client.post(reverse("accounts:change_phone"), {"phone": "011-2345 6789"})
    return user


def changing_email(client):
    """Opened the link that came to the new address."""
    user = proved(client)
    client.post(reverse("accounts:change_email"), {"email": "baharu@contoh.com"})
    open_link(client, user, "new_email")
    return user


def undoing(client):
    """Opened the link that undoes a change."""
    user = changing_phone(client)
    digits = make_code(user, "new_phone")
    client.post(reverse("accounts:change_phone_code"), {"code": digits})
    open_link(client, user, "undo")
    return user


def undoing_late(client):
    """Opened it a day too late."""
    user = undoing(client)
    links = EmailLink.objects.filter(user=user, purpose="recover")
    links.update(expires_at=AT - timedelta(hours=1))
    return user


def reported(client, kind=AccountCase.Kind.LOST_CONTACT):
    """Lost phone and mailbox, and told us."""
    user = driver("Aminah")(Client())
    typed = {
        "ic_number": user.ic_number,
        "full_name": user.full_name,
        "phone": "011-2345 6789",
        "email": "baharu@contoh.com",
    }
    is_lost = kind == AccountCase.Kind.LOST_CONTACT
    page = "report_lost_contact" if is_lost else "report_ic_number_taken"
    client.post(reverse(f"accounts:{page}"), typed)
    return user


def promised_new_contact(client):
    """An officer saw his papers; he is still logged in."""
    user = reported(Client())
    propose_contact(
        case=AccountCase.objects.latest("pk"),
        phone="+601123456789",
        email="baharu@contoh.com",
        note="MyKad asal",
        by=make_officer(),
        at=AT,
    )
    client.force_login(user)
    return user


def stopping(client):
    """Opened the link that came to the old mailbox."""
    user = promised_new_contact(Client())
    open_link(client, user, "stop")
    return user


def recovering(client):
    """The day has passed; opened the link that came to the new mailbox."""
    user = promised_new_contact(Client())
    release_cases(at=AT + CONTACT_DELAY)
    open_link(client, user, "recover")
    return user


def recovering_late(client):
    """Opened it a week too late."""
    user = recovering(client)
    links = EmailLink.objects.filter(user=user, purpose="recover")
    links.update(expires_at=AT - timedelta(hours=1))
    return user


def too_late_to_recover(client):
    """Opened it after the owner stopped the case."""
    user = recovering(client)
    stop_case(case=AccountCase.objects.latest("pk"), at=AT)
    return user


def deciding_lost_contact(client):
    """An officer before a case of lost contacts."""
    reported(Client())
    return freshly_seated(client)


def deciding_ic_number_taken(client):
    """An officer before a case of an IC number that is taken."""
    reported(Client(), AccountCase.Kind.IC_NUMBER_TAKEN)
    return freshly_seated(client)


def confirming_ic_number_taken(client):
    """Another officer before the same case, whose colleague proposes to close the account."""
    reported(Client(), AccountCase.Kind.IC_NUMBER_TAKEN)
    case = AccountCase.objects.latest("pk")
    propose_closing(case=case, note="MyKad asal", by=make_officer(), at=AT)
    return freshly_seated(client)


def looking_back(client):
    """An officer before a case that was decided."""
    promised_new_contact(Client())
    return freshly_seated(client)


def invited_officer(client):
    """Opened the link of `create_officer`."""
    out = StringIO()
    named = {"name": "Puan Baharu", "group": "reviewer"}
    call_command("create_officer", "baharu", **named, stdout=out, stderr=StringIO())
    client.get(urlsplit(out.getvalue().strip()).path)


def late_officer(client):
    """Opened it a day too late."""
    invited_officer(client)
    EmailLink.objects.filter(pk=Facts(client.session).link).update(
        expires_at=AT - timedelta(hours=1)
    )


def officer(client):
    """At the desk, behind an authenticator, and may do everything that officers may."""
    return seated(client)


def fresh_officer(client):
    """The same, and has just typed the digits of his authenticator."""
    return freshly_seated(client)


def reviewing(name):
    """An officer who has claimed the case of this person."""

    def with_the_case(client):
        user = seated(client)
        of = Registration.objects.get(user=driver(name)(Client()))
        claims.claim_registration(registration=of, by=user, at=AT)
        return user

    with_the_case.__name__ = f"reviewing_{name}"
    return with_the_case


def payer_without_banks(client):
    """Would pay, but FPX has not sent a list of banks and does not answer."""
    Bank.objects.all().delete()
    return driver("Jamal")(client)


def queued_too(client):
    """Paid twice, and has bought his next period besides."""
    user = driver("Quah")(client)
    make_cover(Registration.objects.get(user=user))
    return user


def payer(client):
    """On the way to the bank."""
    user = driver("Jamal")(client)
    begin_payment(Contribution.objects.for_user(user).open().get(), at=AT)
    return user


# --- at ---------------------------------------------------------------------------------------
def payment_of(user):
    """His newest payment."""
    return (Payment.objects.for_user(user).latest("pk").reference,)


def first_payment_of(user):
    """His oldest payment."""
    return (Payment.objects.for_user(user).earliest("pk").reference,)


def double_payment_of(user):
    """The payment of his that took money twice."""
    return (PaymentCase.objects.for_user(user).double_payments().get().payment.reference,)


def case_of(name):
    """The first case about this person's money."""
    return lambda officer: (PaymentCase.objects.for_user(driver(name)(Client())).earliest("pk").pk,)


def undecided_of(name):
    """The case of a payment of his that the bank has not decided in three days."""

    def case(officer):
        payment = Payment.objects.for_user(driver(name)(Client())).latest("pk")
        enquiries.open_overdue_cases(at=payment.started_at + FPX_DECISION_LIMIT)
        return (payment.cases.get(kind="undecided").pk,)

    return case


def refund_of(name):
    """What this person gets back."""
    return lambda officer: (
        Refund.objects.get(payment__in=Payment.objects.for_user(driver(name)(Client()))).pk,
    )


def owed_by(user):
    """The contribution that he still owes."""
    return (Contribution.objects.for_user(user).open().get().public_id,)


def receipt_of(user):
    """His newest receipt."""
    return (Receipt.objects.for_user(user).latest("pk").public_id,)


def valid_code(user):
    """The code of a receipt that was corrected: the correction's."""
    return (Receipt.objects.get(corrects__isnull=False).code,)


def void_code(user):
    """The code of the receipt that it took the place of."""
    return (Receipt.objects.get(voided_at__isnull=False).code,)


def void_receipt_of(user):
    """His receipt that a correction took the place of."""
    return (Receipt.objects.for_user(user).get(voided_at__isnull=False).public_id,)


def receipt_of_another(user):
    """Somebody else's."""
    return (Receipt.objects.exclude(contribution__registration__user=user).first().public_id,)


def registration_of(name):
    """The registration of a person of the cast, as the desk names it."""
    return lambda officer: (Registration.objects.get(user=driver(name)(Client())).pk,)


def account_of(name):
    """The account of a person of the cast, as the desk names it."""
    return lambda officer: (driver(name)(Client()).pk,)


def newest_of(model):
    """The newest row of a model."""
    return lambda officer: (model._base_manager.latest("pk").pk,)


def kind(name):
    """A kind of document."""
    return lambda user: (name,)


# --- opening --------------------------------------------------------------------------------
@contextmanager
def opened(name: str, visit: Visit) -> Iterator[tuple[Client, HttpResponse]]:
    """What the visitor gets, and his browser; the town is afterwards as it was.

    Nothing of the outside world answers.
    """
    client = Browser()
    silence = responses.RequestsMock(assert_all_requests_are_fired=False)
    with transaction.atomic(), silence:
        with time_machine.travel(AT, tick=False):
            user = visit.who(client)
            with translation.override(visit.language):
                path = reverse(name, args=visit.at(user)) + visit.query
            answer = client.get(path) if visit.posts is None else client.post(path, visit.posts)
        yield client, answer
        transaction.set_rollback(True)
