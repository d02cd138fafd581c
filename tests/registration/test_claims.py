"""Two officers never hold one case, and a forgotten claim runs out."""

from concurrent.futures import ThreadPoolExecutor
from datetime import timedelta
from threading import Barrier

import pytest
from django.db import connection

from foundation.audit import AuditEvent
from foundation.states import StaleStatus
from registration.models import Registration, ReviewClaim
from registration.models.claims import ReviewClaimQuerySet
from registration.services import claims as registration_claims
from registration.services import decisions, submission
from tests.factories import make_officer, make_registration, make_user

pytestmark = pytest.mark.django_db
CLAIM = timedelta(minutes=10)


@pytest.fixture
def case(at):
    """Aminah's, paid for."""
    return make_registration(make_user(), "submitted", is_paid=True, at=at)


@pytest.fixture
def rohani():
    return make_officer("Puan Rohani")


@pytest.fixture
def selvam():
    return make_officer("Encik Selvam")


def test_a_case_that_is_held_is_nobody_elses(case, rohani, selvam, at):
    registration_claims.claim_registration(registration=case, by=rohani, at=at)
    for act in (registration_claims.claim_registration, decisions.approve_registration):
        with pytest.raises(registration_claims.HeldByAnother) as refusal:
            act(registration=case, by=selvam, at=at + CLAIM - timedelta(seconds=1))
        assert "Puan Rohani" in str(refusal.value)
    assert Registration.objects.get().status == "submitted"


def test_a_claim_runs_out_after_ten_minutes(case, rohani, selvam, at):
    registration_claims.claim_registration(registration=case, by=rohani, at=at)
    registration_claims.claim_registration(registration=case, by=selvam, at=at + CLAIM)
    assert ReviewClaim.objects.get().officer == selvam


def test_his_own_claim_begins_anew(case, rohani, at):
    registration_claims.claim_registration(registration=case, by=rohani, at=at)
    later = at + timedelta(minutes=9)
    assert (
        registration_claims.claim_registration(registration=case, by=rohani, at=later).ends_at
        == later + CLAIM
    )


def test_a_released_case_is_free(case, rohani, selvam, at):
    registration_claims.claim_registration(registration=case, by=rohani, at=at)
    registration_claims.release_claim(registration=case, by=selvam, at=at)
    with pytest.raises(registration_claims.HeldByAnother):
        registration_claims.claim_registration(registration=case, by=selvam, at=at)
    registration_claims.release_claim(registration=case, by=rohani, at=at)
    assert (
        registration_claims.claim_registration(registration=case, by=selvam, at=at).officer
        == selvam
    )


def test_who_took_and_who_let_go_stands_in_the_trail(case, rohani, selvam, at):
    registration_claims.claim_next(by=rohani, at=at)
    registration_claims.release_claim(
        registration=case, by=selvam, at=at
    )  # not his: nothing happens
    registration_claims.release_claim(registration=case, by=rohani, at=at + CLAIM)
    registration_claims.claim_registration(registration=case, by=selvam, at=at + CLAIM)
    events = AuditEvent.objects.filter(subject_id=case.pk).order_by("pk")
    assert list(events.values_list("action", "by", "at")) == [
        ("registration_claimed", rohani.pk, at),
        ("registration_released", rohani.pk, at + CLAIM),
        ("registration_claimed", selvam.pk, at + CLAIM),
    ]


def test_a_decision_ends_the_claim(case, rohani, at):
    registration_claims.claim_registration(registration=case, by=rohani, at=at)
    decisions.approve_registration(registration=case, by=rohani, at=at)
    assert not ReviewClaim.objects.exists()


def test_the_next_case_is_the_oldest_that_nobody_else_holds(case, rohani, selvam, at):
    younger = make_registration(make_user("Boon"), "submitted", at=at)
    submission.queue_for_review(registration=younger, at=at + timedelta(hours=1))
    assert registration_claims.claim_next(by=rohani, at=at) == case
    assert registration_claims.claim_next(by=selvam, at=at) == younger
    assert registration_claims.claim_next(by=make_officer(), at=at) is None


def test_the_next_case_is_first_the_one_he_holds(case, rohani, at):
    younger = make_registration(make_user("Boon"), "referred", at=at + timedelta(hours=1))
    registration_claims.claim_registration(registration=younger, by=rohani, at=at)
    assert registration_claims.claim_next(by=rohani, at=at) == younger


def test_what_is_not_paid_is_no_case(rohani, at):
    make_registration(make_user(), "submitted")
    assert registration_claims.claim_next(by=rohani, at=at) is None


def test_a_case_that_was_taken_in_the_moment_is_passed_over(case, rohani, selvam, at, monkeypatch):
    registration_claims.claim_registration(registration=case, by=selvam, at=at)
    younger = make_registration(make_user("Boon"), "referred", at=at)
    live = ReviewClaimQuerySet.live
    looks = []

    def an_old_look_at_first(claims, at):
        looks.append(at)
        return claims.none() if len(looks) == 1 else live(claims, at)

    monkeypatch.setattr(ReviewClaimQuerySet, "live", an_old_look_at_first)
    assert registration_claims.claim_next(by=rohani, at=at) == younger
    looks.clear()
    assert registration_claims.claim_next(by=make_officer(), at=at) is None


# --- at the same moment --------------------------------------------------------------------
def together(act, officers):
    """What each officer gets who presses in the same moment."""
    start = Barrier(len(officers))

    def press(officer):
        start.wait(timeout=5)
        try:
            return act(officer)
        except registration_claims.HeldByAnother:
            return "held"
        finally:
            connection.close()

    with ThreadPoolExecutor(len(officers)) as desks:
        return list(desks.map(press, officers))


@pytest.mark.django_db(transaction=True)
def test_of_two_officers_who_take_one_case_one_holds_it(case, rohani, selvam, at):
    def take(officer):
        return registration_claims.claim_registration(registration=case, by=officer, at=at).officer

    got = together(take, [rohani, selvam])
    assert got.count("held") == 1
    assert ReviewClaim.objects.get().officer in got


@pytest.mark.django_db(transaction=True)
def test_two_officers_who_ask_together_get_two_cases(case, rohani, selvam, at):
    younger = make_registration(make_user("Boon"), "referred", at=at)
    got = together(
        lambda officer: registration_claims.claim_next(by=officer, at=at), [rohani, selvam]
    )
    assert {one.pk for one in got} == {case.pk, younger.pk}


@pytest.mark.django_db(transaction=True)
def test_of_two_decisions_in_one_moment_one_counts(case, rohani, selvam, at):
    def approve(officer):
        mine = Registration.objects.get(pk=case.pk)
        try:
            decisions.approve_registration(registration=mine, by=officer, at=at)
        except (StaleStatus, decisions.NotAwaitingReview):
            return "late"
        return officer

    got = together(approve, [rohani, selvam])
    assert got.count("late") == 1
    assert Registration.objects.get().decided_by in got
    assert case.status_changes.filter(to_status="approved").count() == 1
