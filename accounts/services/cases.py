"""Cases about accounts: reported by somebody who cannot log in, decided at the desk.

The report tells nobody whether there is an account. An officer who has seen the person's documents
proposes another phone and address; for a day the old ones are told and can stop it, then the new
ones are proved. An account that was opened with somebody else's IC number is closed for log-in,
by two officers, for nobody could stop that: no row goes, and the rightful holder can open one.
"""

from dataclasses import asdict, dataclass
from datetime import datetime, timedelta
from typing import Any
from uuid import UUID

from django.db import transaction
from django.utils.translation import gettext_lazy as _
from django.views.decorators.debug import sensitive_variables

from accounts import tasks
from accounts.models import AccountCase, ContactChange, EmailLink, User
from accounts.models.account_case import steady_reference
from accounts.services import closing, limits
from foundation import audit, outbox, states
from foundation.alarms import raise_alarm
from foundation.encryption import blind_index
from foundation.refusals import Refusal, SameOfficer

# How long the owner can stop an officer who gives the account another phone and address.
CONTACT_DELAY = timedelta(hours=24)

CASES_ARE_MANY = "cases_reported"

Kind = AccountCase.Kind
Status = AccountCase.Status


class NoAccount(Refusal):
    """There is nothing to settle."""

    words = _("Tiada akaun yang dibuka dengan nombor kad pengenalan ini.")


class CoolingOff(Refusal):
    """Another case of the same account has not come to its end."""

    words = _("Kes lain bagi akaun ini sedang menunggu 24 jam atau pengesahan.")


@dataclass(frozen=True)
class Report:
    """What the form asks: who somebody says they are, and where to reach them."""

    ic_number: str
    full_name: str
    phone: str
    email: str


@sensitive_variables("report")
def report_case(
    *, attempt: UUID, kind: Kind, report: Report, network: str, at: datetime
) -> AccountCase:
    """Keeps what was reported; the same form sent twice is one case.

    Nobody is told yet: a stranger must not be able to fill an owner's mailbox. Nobody is refused
    either: where a network has reported too often, an account still has a case of its own.
    """
    case = AccountCase(attempt=attempt, kind=kind, reported_at=at, **asdict(report))
    try:
        with transaction.atomic():
            case, is_new = _kept(case, attempt=attempt)
            if is_new:
                limits.take("case_per_network", network, at=at)
        return case
    except limits.TooMany:
        raise_alarm(CASES_ARE_MANY, limits.name_of(network), at=at, detail="one network")
        return _reserved(case)


def _kept(case: AccountCase, **found_by: Any) -> tuple[AccountCase, bool]:
    """The case that is there by this, or this one, saved; and whether it is new."""
    fields = ("attempt", "kind", "reported_at", "full_name", "ic_number", "phone", "email")
    defaults = {name: getattr(case, name) for name in fields}
    return AccountCase.objects.get_or_create(**found_by, defaults=defaults | found_by)


@sensitive_variables("case")
def _reserved(case: AccountCase) -> AccountCase:
    """The one case that an account has beyond its network's, until an officer decides it.

    Whoever reports once more is told the same reference, a stranger and the owner alike; so phone
    and address are left for the officer to ask. Where there is no account there is nothing to
    settle: nothing is kept, after the same work and with the same answer.
    """
    alike = AccountCase.objects.filter(
        kind=case.kind, ic_number_index=blind_index("ic_number", case.ic_number)
    )
    decided = alike.exclude(status=Status.OPENED).count()
    case.phone = case.email = ""
    # Two, because a commit takes longer than a rollback: either way the outer one commits.
    with transaction.atomic(), transaction.atomic():
        name = f"{case.kind}:{case.ic_number}:{decided}"
        kept, _is_new = _kept(case, reference=steady_reference(name))
        if not User.objects.opened().with_ic_number(case.ic_number).exists():
            transaction.set_rollback(True)
    return kept


def account_of(case: AccountCase) -> User | None:
    """The account that can log in with the case's IC number."""
    return case.user or User.objects.opened().with_ic_number(case.ic_number).first()


@transaction.atomic
def propose_contact(
    *, case: AccountCase, phone: str, email: str, note: str, by: User, at: datetime
) -> AccountCase:
    """Promises the account another phone and address in a day, unless the owner stops it.

    `note` says which documents the officer saw. An earlier case whose link died unused ends here.
    Raises NoAccount, CoolingOff, and ForbiddenMove or StaleStatus when the case was decided
    meanwhile.
    """
    person = _owner(case)
    _end_lapsed(person, by, at, successor=case)
    change = ContactChange.objects.create(user=person, phone=phone, email=email, requested_at=at)
    _decide(
        case,
        Status.COOLING_OFF,
        by,
        at,
        note=note,
        user=person,
        contact_change=change,
        takes_effect_at=at + CONTACT_DELAY,
    )
    link = EmailLink.objects.create(
        user=person, purpose=EmailLink.Purpose.STOP, contact_change=change, requested_at=at
    )
    outbox.add(tasks.send_email_link, link.pk, at=at)
    outbox.add(tasks.send_case_cooling_off_sms, case.pk, at=at)
    return case


@transaction.atomic
def propose_closing(*, case: AccountCase, note: str, by: User, at: datetime) -> AccountCase:
    """Asks a second officer to close the account of whoever used somebody else's IC number.

    Raises NoAccount, and ForbiddenMove or StaleStatus when the case was decided meanwhile.
    """
    _decide(case, Status.PROPOSED, by, at, note=note, user=_owner(case))
    return case


@transaction.atomic
def confirm_closing(*, case: AccountCase, note: str, by: User, at: datetime) -> AccountCase:
    """Closes the account as another officer proposed; what was paid stays a fact.

    Raises SameOfficer, NoAccount, and ForbiddenMove or StaleStatus as `propose_closing` does.
    """
    person = _owner(case)
    _confirm(case, Status.DONE, by, at, note=note)
    closing.close_for_log_in(user=person, by=by, at=at, action="ic_number_freed")
    outbox.add_all((tasks.send_account_closed, tasks.send_account_closed_sms), person.pk, at=at)
    return case


@transaction.atomic
def refuse_case(*, case: AccountCase, note: str, by: User, at: datetime) -> AccountCase:
    """Leaves everything as it is; raises SameOfficer, ForbiddenMove or StaleStatus."""
    decide = _confirm if case.status == Status.PROPOSED else _decide
    decide(case, Status.REFUSED, by, at, note=note)
    return case


def _owner(case: AccountCase) -> User:
    opened = User.objects.opened().with_ic_number(case.ic_number)
    person = opened.select_for_update(no_key=True).first()
    if person is None:
        raise NoAccount
    return person


def _end_lapsed(person: User, by: User, at: datetime, *, successor: AccountCase) -> None:
    """Ends the case that waits for a link which nobody can use any more, if there is one.

    Raises CoolingOff while its day runs, its link lives, or somebody is using the link now.
    """
    case = person.account_cases.cooling_off().first()
    if case is None:
        return
    # Never waited for: whoever uses the link takes it first and then the person, whom we hold.
    links = person.links.filter(contact_change=case.contact_change)
    dead = links.died_unused(EmailLink.Purpose.RECOVER, at).select_for_update(skip_locked=True)
    link = dead.first()
    if link is None:
        raise CoolingOff
    link.superseded_at = at  # a mail that is tried again must not make it anew
    link.save(update_fields=["superseded_at"])
    states.move(case, Status.LAPSED, by=by, at=at, note=successor.reference)
    audit.record(
        "account_case_lapsed", subject=case, by=by, at=at, kind=case.kind, successor=successor.pk
    )


def _decide(
    case: AccountCase, to: str, by: User, at: datetime, *, note: str, **changes: Any
) -> None:
    decided = {"decided_at": at, "decided_by": by, "decision_note": note}
    states.move(case, to, by=by, at=at, note=note, **decided, **changes)
    audit.record(f"account_case_{to}", subject=case, by=by, at=at, kind=case.kind)


def _confirm(case: AccountCase, to: str, by: User, at: datetime, *, note: str) -> None:
    """The second officer's decision."""
    if by.pk == case.decided_by_id:
        raise SameOfficer
    states.move(case, to, by=by, at=at, note=note, confirmed_at=at, confirmed_by=by)
    audit.record(f"account_case_{to}", subject=case, by=by, at=at, kind=case.kind)


@transaction.atomic
def stop_case(*, case: AccountCase, at: datetime) -> None:
    """The owner still has their phone or mailbox: nothing changes.

    Raises ForbiddenMove and StaleStatus when it is too late.
    """
    assert case.user
    # In the order of whoever proves the new end at the same moment: links first, then the case.
    links = case.user.links.unused().filter(contact_change=case.contact_change)
    links.update(superseded_at=at)
    states.move(case, Status.STOPPED, by=case.user, at=at)
    audit.record("account_case_stopped", subject=case, by=case.user, at=at)


def release_cases(*, at: datetime) -> int:
    """Mails the new address of each case whose day has passed; returns how many."""
    with transaction.atomic():
        due = AccountCase.objects.due(at).select_for_update(skip_locked=True, of=["self"])
        cases = list(due.select_related("user"))
        for case in cases:
            assert case.user
            link = EmailLink.objects.create(
                user=case.user,
                purpose=EmailLink.Purpose.RECOVER,
                contact_change=case.contact_change,
                requested_at=at,
            )
            outbox.add(tasks.send_email_link, link.pk, at=at)
            case.released_at = at
            case.save(update_fields=["released_at"])
    return len(cases)
