"""The registration's life cycle: from where to where, by whom, and what the database refuses."""

from datetime import timedelta

import pytest
from django.db import IntegrityError, transaction

from foundation.states import ForbiddenMove, StaleStatus, move
from registration.models import Registration
from registration.services import decisions, submission
from tests.factories import make_document, make_officer, make_registration, make_user

pytestmark = pytest.mark.django_db
Status = Registration.Status

# The table of life cycles, written out by hand: (from, to) and whose act it is.
MOVES = {
    ("draft", "submitted"): "driver",
    ("draft", "referred"): "driver",
    ("referred", "submitted"): "officer",
    ("referred", "rejected"): "officer",
    ("submitted", "draft"): "driver",
    ("submitted", "approved"): "officer",
    ("submitted", "returned"): "officer",
    ("submitted", "rejected"): "officer",
    ("returned", "submitted"): "driver",
    ("returned", "referred"): "driver",
    ("approved", "submitted"): "driver",
    ("approved", "referred"): "driver",
}
PAIRS = [(a, b) for a in Status.values for b in Status.values]
DECISIONS = {
    "approved": lambda registration, by, at: decisions.approve_registration(
        registration=registration, by=by, at=at
    ),
    "returned": lambda registration, by, at: decisions.return_registration(
        registration=registration, by=by, at=at, reason="blurred"
    ),
    "rejected": lambda registration, by, at: decisions.reject_registration(
        registration=registration, by=by, at=at, reason="mismatch"
    ),
    "submitted": lambda registration, by, at: decisions.allow_registration(
        registration=registration, by=by, at=at
    ),
}


def test_the_table_names_every_status():
    assert set(Registration.TRANSITIONS) == set(Status.values)
    assert {(a, b) for a, targets in Registration.TRANSITIONS.items() for b in targets} == set(
        MOVES
    )


@pytest.mark.parametrize(("before", "after"), PAIRS)
def test_a_row_moves_where_the_table_says_and_nowhere_else(before, after, at):
    registration = make_registration(make_user(), before)
    change = {"reason": "other"} if after in {"returned", "rejected"} else {"submitted_at": at}
    if (before, after) in MOVES:
        move(registration, after, at=at, **change)
        assert Registration.objects.get().status == after
    else:
        with pytest.raises(ForbiddenMove):
            move(registration, after, at=at, **change)
        assert Registration.objects.get().status == before


@pytest.mark.parametrize("decision", DECISIONS)
@pytest.mark.parametrize("before", Status.values)
def test_an_officer_decides_on_what_waits_for_him_only(before, decision, at):
    registration = make_registration(make_user(), before, is_paid=before == "submitted")
    officer = make_officer()
    if MOVES.get((before, decision)) == "officer":
        DECISIONS[decision](registration, officer, at)
        row = Registration.objects.get()
        assert (row.status, row.decided_by, row.decided_at) == (decision, officer, at)
        change = row.status_changes.last()
        assert (change.from_status, change.to_status, change.by) == (before, decision, officer)
    else:
        with pytest.raises((ForbiddenMove, decisions.NotAwaitingReview)):
            DECISIONS[decision](registration, officer, at)
        assert Registration.objects.get().status == before


@pytest.mark.parametrize("decision", ["approved", "returned", "rejected"])
def test_nobody_decides_before_it_is_paid(decision, at):
    registration = make_registration(make_user(), "submitted")
    with pytest.raises(decisions.NotAwaitingReview):
        DECISIONS[decision](registration, make_officer(), at)


def test_of_two_officers_the_second_loses(at):
    registration = make_registration(make_user(), "submitted", is_paid=True)
    twin = Registration.objects.get()
    decisions.approve_registration(registration=registration, by=make_officer(), at=at)
    with pytest.raises(StaleStatus):
        decisions.return_registration(registration=twin, by=make_officer(), at=at, reason="blurred")
    assert Registration.objects.get().status == "approved"
    assert Registration.objects.get().reason == ""


def test_every_move_of_a_whole_life_is_in_the_history(at):
    user, officer = make_user(), make_officer()
    registration = make_registration(user, "returned", officer=officer)
    make_document(registration, at=at + timedelta(hours=1))
    submission.submit_registration(registration=registration, by=user, at=at + timedelta(hours=1))
    registration.refresh_from_db()
    decisions.approve_registration(
        registration=registration, by=officer, at=at + timedelta(hours=2)
    )
    history = [(c.from_status, c.to_status, c.by) for c in registration.status_changes.all()]
    assert history == [
        ("draft", "submitted", user),
        ("submitted", "returned", officer),
        ("returned", "submitted", user),
        ("submitted", "approved", officer),
    ]


@pytest.mark.parametrize("status", Status.values)
def test_who_may_pay_and_who_may_edit(status):
    registration = make_registration(make_user(), status)
    assert registration.may_pay == (status in {"submitted", "approved"})
    assert registration.is_editable == (status not in {"referred", "rejected"})


def test_what_is_paid_and_submitted_is_not_edited():
    registration = make_registration(make_user(), "submitted", is_paid=True)
    assert not registration.is_editable
    assert registration.may_pay


@pytest.mark.parametrize(
    "change",
    [
        {"status": "submitted", "submitted_at": None},
        {"status": "returned"},
        {"status": "rejected"},
        {"decided_at": "2026-11-22T10:00:00+08:00"},
    ],
)
def test_the_database_says_no(change, at):
    registration = make_registration(make_user())
    row = {"submitted_at": at} | change
    with pytest.raises(IntegrityError), transaction.atomic():
        Registration.objects.filter(pk=registration.pk).update(**row)


def test_a_person_has_one_open_registration_in_a_sector(at):
    user = make_user()
    make_registration(user, "rejected")
    make_registration(user)
    with pytest.raises(IntegrityError), transaction.atomic():
        Registration.objects.create(
            user=user,
            sector="taxi",
            region="sabah",
            created_at=at,
            chosen_at=at,
            changed_at=at,
        )
