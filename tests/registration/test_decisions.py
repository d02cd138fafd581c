"""What an officer decides, and what it leaves behind."""

from datetime import timedelta

import pytest
from django.utils import translation

from foundation.audit import AuditEvent
from foundation.outbox import OutboxRow
from registration.models import Registration
from registration.services import decisions
from tests.factories import (
    decide,
    make_document,
    make_officer,
    make_registration,
    make_user,
    write_rules,
)

pytestmark = pytest.mark.django_db
HOUR = timedelta(hours=1)
REFUSALS = [decisions.return_registration, decisions.reject_registration]


@pytest.mark.parametrize("refuse", REFUSALS)
@pytest.mark.parametrize(
    ("reason", "note"), [("", ""), ("", "kabur"), ("other", ""), ("other", " ")]
)
def test_whoever_is_refused_is_told_why(refuse, reason, note, at):
    registration = make_registration(make_user(), "submitted", is_paid=True)
    with pytest.raises(decisions.ReasonRequired) as refusal:
        refuse(registration=registration, by=make_officer(), at=at, reason=reason, note=note)
    assert str(refusal.value)
    assert Registration.objects.get().status == "submitted"


@pytest.mark.parametrize("refuse", REFUSALS)
def test_reason_and_note_are_kept(refuse, at):
    registration = make_registration(make_user(), "submitted", is_paid=True)
    refuse(registration=registration, by=make_officer(), at=at, reason="other", note="Lesen GDL")
    row = Registration.objects.get()
    assert (row.reason, row.reason_note) == ("other", "Lesen GDL")
    assert row.status_changes.last().note == "other · Lesen GDL"


def test_E19_a_goods_licence_sent_as_a_psv_card_is_rejected_as_the_wrong_document(at):
    registration = make_registration(make_user(), "submitted", is_paid=True)
    decisions.reject_registration(
        registration=registration, by=make_officer(), at=at, reason="wrong_document"
    )
    assert Registration.objects.get().get_reason_display() == "Dokumen yang salah dimuat naik"


def kinds_of(registration):
    return [document.kind for document in registration.documents.live()]


def return_for(reason, registration, at):
    decisions.return_registration(
        registration=registration, by=make_officer(), at=at, reason=reason
    )


@pytest.mark.parametrize(
    ("reason", "left"),
    [("wrong_document", ["lesen", "kad-pemandu"]), ("blurred", ["lesen", "psv", "kad-pemandu"])],
)
def test_E19_a_card_takes_the_place_of_a_goods_licence_sent_as_another(reason, left, at):
    registration = make_registration(make_user(), "submitted", is_paid=True)
    return_for(reason, registration, at + HOUR)
    make_document(registration, "kad-pemandu", at=at + 2 * HOUR)
    assert kinds_of(registration) == left


def test_what_was_sent_after_the_return_stays(at):
    registration = make_registration(make_user(), "submitted", is_paid=True)
    return_for("wrong_document", registration, at + HOUR)
    for kind in ["psv", "kad-pemandu"]:
        make_document(registration, kind, at=at + 2 * HOUR)
    assert kinds_of(registration) == ["lesen", "psv", "kad-pemandu"]


def test_a_licence_takes_the_place_of_a_licence_only(at):
    registration = make_registration(make_user(), "submitted", is_paid=True)
    return_for("wrong_document", registration, at + HOUR)
    make_document(registration, "lesen", at=at + 2 * HOUR)
    assert kinds_of(registration) == ["psv", "lesen"]


@pytest.mark.parametrize("status", ["approved", "returned", "rejected"])
def test_every_decision_is_audited_and_told(status, at):
    registration = make_registration(make_user(), "submitted", is_paid=True)
    officer = make_officer()
    decide(registration, status, officer, at)
    event = AuditEvent.objects.get()
    assert (event.action, event.by) == (f"registration_{status}", officer)
    change = registration.status_changes.last()
    told = set(OutboxRow.objects.values_list("kind", "subject_id"))
    assert told == {
        ("registration.send_decision", change.pk),
        ("registration.send_decision_sms", change.pk),
    }


def test_allowing_names_the_region_and_the_kinds(at):
    registration = make_registration(
        make_user(), "referred", region="sarawak", kinds=["lesen", "psv", "kad-pemandu"]
    )
    decisions.allow_registration(
        registration=registration, by=make_officer(), at=at, note="Disahkan LPKP"
    )
    row = Registration.objects.get()
    assert (row.status, row.allowed_for) == ("submitted", "sarawak:kad-pemandu+psv")
    assert row.queued_at is None
    assert row.may_pay


def test_a_referred_registration_whose_card_ran_out_is_not_allowed(at):
    registration = make_registration(make_user(), "referred")
    registration.documents.update(expiry_date=at.date())
    with pytest.raises(decisions.NoLongerEligible, match=r"Lesen memandu anda .* Kad PSV anda"):
        decisions.allow_registration(
            registration=registration, by=make_officer(), at=at + timedelta(days=1)
        )
    assert Registration.objects.get().status == "referred"


def test_what_the_rules_accept_by_now_may_be_allowed(at):
    """A referred registration can otherwise only be rejected."""
    registration = make_registration(make_user(), "referred")
    write_rules(outcome="accept")
    decisions.allow_registration(registration=registration, by=make_officer(), at=at)
    assert Registration.objects.get().may_pay


def test_money_that_came_while_it_was_referred_is_not_asked_for_again(at):
    registration = make_registration(make_user(), "referred")
    Registration.objects.update(queued_at=at)
    decisions.allow_registration(registration=registration, by=make_officer(), at=at)
    assert Registration.objects.get().is_awaiting_review


@pytest.mark.parametrize("reason", Registration.Reason)
def test_each_reason_speaks_both_languages(reason):
    with translation.override("ms"):
        malay = str(reason.label)
    with translation.override("en"):
        english = str(reason.label)
    assert len(malay) > 5
    assert len(english) > 5
    assert malay != english
