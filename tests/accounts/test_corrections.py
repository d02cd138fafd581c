"""A wrong name or IC number is put right by two officers, and what was there stays."""

import pytest
from django.core import mail
from django.db import IntegrityError, transaction

from accounts import tasks
from accounts.models import Correction, User
from accounts.services import corrections
from foundation.audit import AuditEvent
from foundation.outbox import OutboxRow
from foundation.refusals import SameOfficer
from foundation.states import ForbiddenMove
from tests.factories import make_officer, make_receipt, make_registration, make_sign_up, make_user

pytestmark = pytest.mark.django_db
RIGHT_NAME = "Aminah binti Alias"
RIGHT_IC = "850101145999"


@pytest.fixture
def aminah():
    return make_user("Aminah binti Ali")


@pytest.fixture
def rohani():
    return make_officer("Puan Rohani")


@pytest.fixture
def selvam():
    return make_officer("Encik Selvam")


def propose(user, officer, at, **changed):
    right = {"full_name": RIGHT_NAME, "ic_number": RIGHT_IC, "reason": "Tersalah eja"}
    return corrections.propose_correction(user=user, by=officer, at=at, **(right | changed))


def test_a_second_officer_puts_it_right(aminah, rohani, selvam, at):
    old_ic = aminah.ic_number
    correction = propose(aminah, rohani, at)
    assert User.objects.get(pk=aminah.pk).full_name == "Aminah binti Ali"
    corrections.approve_correction(correction=correction, by=selvam, at=at)
    person = User.objects.opened().with_ic_number(RIGHT_IC).get()
    assert (person.pk, person.full_name) == (aminah.pk, RIGHT_NAME)
    assert not User.objects.with_ic_number(old_ic).exists()
    kept = Correction.objects.get()
    assert (kept.old_full_name, kept.old_ic_number) == ("Aminah binti Ali", old_ic)
    assert (kept.proposed_by, kept.decided_by) == (rohani, selvam)
    assert kept.status_changes.get().to_status == "approved"


def test_the_person_is_told_without_personal_data(aminah, rohani, selvam, at):
    corrections.approve_correction(correction=propose(aminah, rohani, at), by=selvam, at=at)
    assert set(OutboxRow.objects.values_list("kind", "subject_id")) == {
        ("accounts.send_corrected", aminah.pk),
        ("accounts.send_corrected_sms", aminah.pk),
    }
    tasks.send_corrected.handler(aminah.pk, at=at)
    [message] = mail.outbox
    assert message.to == [aminah.email]
    assert RIGHT_IC not in message.body


def test_both_acts_are_audited(aminah, rohani, selvam, at):
    corrections.approve_correction(correction=propose(aminah, rohani, at), by=selvam, at=at)
    acts = AuditEvent.objects.order_by("pk").values_list("action", "by")
    assert list(acts) == [
        ("correction_proposed", rohani.pk),
        ("correction_approved", selvam.pk),
    ]
    assert RIGHT_IC not in str(list(AuditEvent.objects.values_list("detail")))


def test_a_receipt_stays_as_it_was_issued(rohani, selvam, at):
    registration = make_registration(make_user("Aminah binti Ali"), "approved")
    receipt = make_receipt(registration)
    correction = propose(registration.user, rohani, at)
    corrections.approve_correction(correction=correction, by=selvam, at=at)
    receipt.refresh_from_db()
    assert receipt.full_name == "Aminah binti Ali"


@pytest.mark.parametrize("decide", [corrections.approve_correction, corrections.refuse_correction])
def test_whoever_proposed_does_not_decide(aminah, rohani, at, decide):
    correction = propose(aminah, rohani, at)
    with pytest.raises(SameOfficer):
        decide(correction=correction, by=rohani, at=at)
    assert Correction.objects.get().status == "proposed"


def test_the_database_wants_two_officers_too(aminah, rohani, at):
    propose(aminah, rohani, at)
    with pytest.raises(IntegrityError), transaction.atomic():
        Correction.objects.update(status="approved", decided_by=rohani, decided_at=at)


def test_a_refused_one_changes_nothing(aminah, rohani, selvam, at):
    corrections.refuse_correction(correction=propose(aminah, rohani, at), by=selvam, at=at)
    assert User.objects.get(pk=aminah.pk).full_name == "Aminah binti Ali"
    assert not OutboxRow.objects.exists()


@pytest.mark.parametrize("second", [corrections.approve_correction, corrections.refuse_correction])
def test_it_is_decided_once(aminah, rohani, selvam, at, second):
    correction = propose(aminah, rohani, at)
    corrections.approve_correction(correction=correction, by=selvam, at=at)
    with pytest.raises(ForbiddenMove):
        second(correction=correction, by=selvam, at=at)


def test_what_is_right_already_is_no_correction(aminah, rohani, at):
    with pytest.raises(corrections.NothingToCorrect):
        propose(aminah, rohani, at, full_name=aminah.full_name, ic_number=aminah.ic_number)


def test_one_waits_at_a_time(aminah, rohani, at):
    propose(aminah, rohani, at)
    with pytest.raises(corrections.AlreadyProposed):
        propose(aminah, rohani, at, full_name="Aminah binti Abu")


def test_the_number_of_another_account_is_taken(aminah, rohani, selvam, at):
    make_sign_up(ic_number=RIGHT_IC)  # a sign-up reserves nothing
    correction = propose(aminah, rohani, at)
    make_user("Boon", ic_number=RIGHT_IC)
    with pytest.raises(corrections.IcNumberTaken):
        corrections.approve_correction(correction=correction, by=selvam, at=at)
    assert Correction.objects.get().status == "proposed"
    with pytest.raises(corrections.IcNumberTaken):
        propose(make_user("Chandran"), rohani, at)


def test_a_correction_of_what_has_changed_is_outdated(aminah, rohani, selvam, at):
    correction = propose(aminah, rohani, at)
    aminah.full_name = "Aminah Ali"
    aminah.save()
    with pytest.raises(corrections.Outdated):
        corrections.approve_correction(correction=correction, by=selvam, at=at)
    assert Correction.objects.get().status == "proposed"
