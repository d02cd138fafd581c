"""Submitted, referred, queued, confirmed."""

from datetime import date, datetime, timedelta

import pytest

from accounts.services.corrections import (
    refuse_correction,
)
from foundation.outbox import OutboxRow
from foundation.states import ForbiddenMove
from foundation.wording import MALAYSIA
from registration.models import DocumentRule, Registration
from registration.services import decisions, drafts, submission
from tests.factories import (
    PARTICULARS,
    correct_name,
    decide,
    make_document,
    make_officer,
    make_registration,
    make_user,
    write_rules,
)

pytestmark = pytest.mark.django_db
HOUR = timedelta(hours=1)


def submit(registration, at):
    return submission.submit_registration(registration=registration, by=registration.user, at=at)


def refusal(registration, at):
    """The codes with which the rules say no."""
    with pytest.raises(submission.NotEligible) as caught:
        submit(registration, at)
    assert str(caught.value)
    return [reason.code for reason in caught.value.reasons]


def test_an_eligible_draft_is_submitted_and_waits_for_payment(at):
    registration = submit(make_registration(make_user("Boon")), at)
    assert (registration.status, registration.submitted_at) == ("submitted", at)
    assert registration.may_pay
    assert not registration.is_awaiting_review
    assert not Registration.objects.awaiting_review().exists()


def test_submit_registration_refuses_a_missing_document(at):
    draft = make_registration(make_user("Boon"), kinds=["lesen"])
    assert refusal(draft, at) == ["SECOND_DOCUMENT_MISSING"]
    assert Registration.objects.get().status == "draft"


def test_submit_registration_refuses_missing_particulars(at):
    draft = make_registration(make_user("Boon"), town="")
    assert refusal(draft, at) == ["PARTICULARS_MISSING"]


def test_submit_registration_refuses_whoever_is_neither_citizen_nor_resident(at):
    draft = make_registration(make_user("Boon"), citizenship="other")
    assert refusal(draft, at) == ["NOT_CITIZEN"]


def test_birth_date_comes_from_the_ic_number(at):
    draft = make_registration(make_user("Boon", ic_number="051123100001"))
    assert refusal(draft, at) == ["BELOW_MINIMUM_AGE"]
    submit(draft, at + timedelta(days=1))
    assert Registration.objects.get().status == "submitted"


@pytest.mark.parametrize(
    ("moment", "is_eligible"),
    [
        (datetime(2026, 11, 30, 23, 59, 59, tzinfo=MALAYSIA), True),
        (datetime(2026, 12, 1, 0, 0, 0, tzinfo=MALAYSIA), False),
    ],
)
def test_a_document_counts_through_its_last_day_in_kuala_lumpur(moment, is_eligible, at):
    draft = make_registration(make_user("Boon"))
    make_document(draft, "psv", expiry_date=date(2026, 11, 30), at=at)
    if is_eligible:
        assert submit(draft, moment).status == "submitted"
    else:
        assert refusal(draft, moment) == ["PSV_EXPIRED"]


def test_staff_move_the_cut_off_of_profil_pemandu(at):
    draft = make_registration(
        make_user("Boon"), sector="e_hailing", kinds=["lesen", "profil-pemandu"]
    )
    assert refusal(draft, at) == ["PROFILE_NO_LONGER_ACCEPTED"]
    write_rules(DocumentRule.objects.filter(kind="profil-pemandu"), valid_to=None)
    assert submit(draft, at).status == "submitted"


def test_what_the_rules_cannot_decide_is_referred_and_the_driver_told(at):
    draft = make_registration(make_user("Boon"), region="sabah")
    registration = submit(draft, at)
    assert registration.status == "referred"
    assert not registration.may_pay
    assert list(Registration.objects.awaiting_review()) == [registration]
    kinds = set(OutboxRow.objects.values_list("kind", flat=True))
    assert kinds == {"registration.send_decision", "registration.send_decision_sms"}


def test_an_eligible_submission_sends_nothing(at):
    submit(make_registration(make_user("Boon")), at)
    assert not OutboxRow.objects.exists()


def test_submitting_what_is_with_an_officer_changes_nothing(at):
    referred = make_registration(make_user("Boon"), "referred")
    assert submit(referred, at).status == "referred"
    assert referred.status_changes.count() == 1


def test_submitting_twice_changes_nothing(at):
    registration = submit(make_registration(make_user("Boon")), at)
    again = submit(registration, at + HOUR)
    assert again.submitted_at == at
    assert again.status_changes.count() == 1


def test_an_unpaid_submission_that_the_rules_now_refer_goes_back_through_draft(at):
    registration = make_registration(make_user("Boon"), "submitted")
    write_rules(DocumentRule.objects.filter(sector="taxi"), outcome="refer")
    assert submit(registration, at).status == "referred"
    path = [change.to_status for change in registration.status_changes.all()]
    assert path == ["submitted", "draft", "referred"]


def test_a_paid_submission_that_the_rules_now_refer_is_with_an_officer_already(at):
    registration = make_registration(make_user("Boon"), "submitted", is_paid=True)
    write_rules(DocumentRule.objects.filter(sector="taxi"), outcome="refer")
    assert submit(registration, at).status == "submitted"


def test_a_rejected_registration_is_not_submitted_again(at):
    with pytest.raises(ForbiddenMove):
        submit(make_registration(make_user("Boon"), "rejected"), at)


def test_an_unchanged_renewal_stays_approved(at):
    registration = make_registration(make_user(), "approved")
    assert submit(registration, at + HOUR).status == "approved"


def test_a_renewal_with_a_new_document_is_looked_at_again_once_paid(at):
    registration = make_registration(make_user(), "approved")
    make_document(registration, "psv", expiry_date=date(2031, 1, 1), at=at + HOUR)
    registration = submit(registration, at + HOUR)
    assert registration.status == "submitted"
    assert not registration.is_awaiting_review
    submission.queue_for_review(registration=registration, at=at + HOUR)
    assert Registration.objects.awaiting_review().count() == 1


def test_E27_a_renewal_is_refused_until_the_expired_card_is_replaced(at):
    registration = make_registration(make_user(), "approved")
    DocumentRule.objects.exclude(kind="psv").delete()
    registration.documents.filter(kind="psv").update(expiry_date=date(2026, 11, 21))
    assert refusal(registration, at) == ["PSV_EXPIRED"]
    assert Registration.objects.get().status == "approved"
    make_document(registration, "psv", at=at + HOUR)
    assert submit(registration, at + HOUR).status == "submitted"


def test_E28_an_unreadable_card_blocks_the_next_contribution_until_it_is_replaced(at):
    registration = make_registration(make_user(), "returned")
    assert not registration.may_pay
    make_document(registration, "psv", at=at + HOUR)
    registration = submit(registration, at + HOUR)
    assert registration.may_pay
    assert registration.is_awaiting_review
    assert registration.reason == ""


def test_E28_as_it_was_it_stays_returned_with_its_reason(at):
    registration = make_registration(make_user(), "returned")
    with pytest.raises(submission.NothingChanged) as refusal:
        submit(registration, at + HOUR)
    assert str(refusal.value)
    row = Registration.objects.get()
    assert (row.status, row.reason) == ("returned", "blurred")


def test_what_was_returned_for_a_particular_is_answered_by_it(at):
    registration = make_registration(make_user(), "returned")
    drafts.save_details(registration=registration, at=at + HOUR, **PARTICULARS | {"town": "Bangi"})
    assert submit(registration, at + HOUR).is_awaiting_review


@pytest.mark.parametrize(("corrected_after", "is_answered"), [(HOUR, True), (-HOUR, False)])
def test_what_was_returned_for_a_name_is_answered_by_its_correction(
    corrected_after, is_answered, at
):
    registration = make_registration(make_user("Amina binti Ali"), "returned")
    correct_name(registration.user, "Aminah binti Ali", at=at + corrected_after)
    assert registration.is_answered == is_answered


def test_a_correction_that_was_refused_answers_nothing(at):
    registration = make_registration(make_user("Amina binti Ali"), "returned")
    correct_name(registration.user, "Aminah", decide=refuse_correction, at=at + HOUR)
    assert not registration.is_answered


def test_a_returned_registration_may_have_to_be_referred(at):
    aminah = make_user()
    registration = make_registration(aminah, "returned")
    registration = drafts.save_service(user=aminah, sector="taxi", region="sabah", at=at + HOUR)
    registration = submit(registration, at + HOUR)
    assert registration.status == "referred"
    decisions.allow_registration(registration=registration, by=make_officer(), at=at + 2 * HOUR)
    # The officer's look was paid for with the first contribution.
    assert Registration.objects.awaiting_review().count() == 1


def test_what_an_officer_allowed_is_not_referred_again(at):
    aminah = make_user()
    registration = make_registration(aminah, "referred")
    decisions.allow_registration(registration=registration, by=make_officer(), at=at)
    assert registration.stage == "allowed"
    assert registration.allowed_for == "sabah:psv"
    drafts.save_details(registration=registration, at=at + HOUR, **PARTICULARS | {"town": "Tawau"})
    registration = submit(registration, at + HOUR)
    assert registration.status == "submitted"
    drafts.save_service(user=aminah, sector="taxi", region="sarawak", at=at + 2 * HOUR)
    assert submit(registration, at + 2 * HOUR).status == "referred"


def test_queue_for_review_puts_a_paid_submission_before_the_officers_oldest_first(at):
    first = make_registration(make_user("Aminah"), "submitted")
    second = make_registration(make_user("Boon"), "submitted")
    referred = make_registration(make_user("Chandran"), "referred", at=at + 3 * HOUR)
    submission.queue_for_review(registration=second, at=at + HOUR)
    submission.queue_for_review(registration=first, at=at + 2 * HOUR)
    assert list(Registration.objects.awaiting_review()) == [second, first, referred]


def test_queue_for_review_keeps_the_first_moment(at):
    registration = make_registration(make_user(), "submitted", is_paid=True)
    submission.queue_for_review(registration=registration, at=at + HOUR)
    assert Registration.objects.get().queued_at == registration.queued_at


@pytest.mark.parametrize("status", ["approved", "returned", "rejected"])
def test_queue_for_review_leaves_what_was_decided(status, at):
    registration = make_registration(make_user(), status)
    submission.queue_for_review(registration=registration, at=at + HOUR)
    row = Registration.objects.get()
    assert (row.status, row.queued_at) == (status, registration.queued_at)


def test_money_that_comes_while_the_driver_edits_is_not_asked_for_again(at):
    registration = make_registration(make_user("Boon"), "submitted")
    drafts.save_details(registration=registration, at=at, **PARTICULARS | {"town": "Bangi"})
    submission.queue_for_review(registration=registration, at=at)
    registration = Registration.objects.get()
    assert registration.is_paid_for
    assert submit(registration, at + HOUR).is_awaiting_review


def test_an_approval_ends_the_queue(at):
    registration = make_registration(make_user(), "submitted", is_paid=True)
    decisions.approve_registration(registration=registration, by=make_officer(), at=at)
    assert registration.queued_at is None
    assert not registration.is_paid_for


def test_renew_registration_keeps_when_it_was_confirmed(at):
    aminah = make_user()
    registration = make_registration(aminah, "approved")
    submission.renew_registration(registration=registration, by=aminah, at=at + HOUR)
    row = Registration.objects.get()
    assert (row.confirmed_at, row.chosen_at) == (at + HOUR, at + HOUR)


@pytest.mark.parametrize(
    "status", [one for one in Registration.Status if one not in {"submitted", "approved"}]
)
def test_renew_registration_refuses_what_may_not_be_paid_for(status, at):
    aminah = make_user()
    registration = make_registration(aminah, status)
    with pytest.raises(ForbiddenMove):
        submission.renew_registration(registration=registration, by=aminah, at=at)


def test_decisions_keep_a_whole_life_possible(at):
    """Rejected, begun anew, approved."""
    aminah, officer = make_user(), make_officer()
    make_registration(aminah, "rejected", officer=officer)
    second = make_registration(aminah, "submitted", is_paid=True)
    decide(second, "approved", officer)
    statuses = sorted(Registration.objects.values_list("status", flat=True))
    assert statuses == ["approved", "rejected"]
