"""The one way a status changes, over every life cycle."""

import pytest

from contributions.models import Contribution
from foundation import states
from payments.models import Payment
from registration.models import Registration
from tests.factories import make_registration, make_user

LIFE_CYCLES = [Registration, Contribution, Payment]


@pytest.mark.parametrize("model", LIFE_CYCLES)
def test_the_table_names_every_status(model):
    assert set(model.TRANSITIONS) == set(model.Status)
    for targets in model.TRANSITIONS.values():
        assert set(targets) <= set(model.Status)


@pytest.fixture
def draft(db):
    return make_registration(make_user("Boon"))


def test_a_move_writes_history(draft, at):
    states.move(draft, "submitted", by=draft.user, at=at, note="n", submitted_at=at)
    draft.refresh_from_db()
    change = draft.status_changes.get()
    assert draft.status == "submitted"
    assert draft.submitted_at == at
    assert (change.from_status, change.to_status, change.by, change.note) == (
        "draft",
        "submitted",
        draft.user,
        "n",
    )


def test_a_forbidden_move_changes_nothing(draft, at):
    with pytest.raises(states.ForbiddenMove):
        states.move(draft, "approved", at=at)
    draft.refresh_from_db()
    assert draft.status == "draft"
    assert not draft.status_changes.exists()


def test_a_stale_twin_loses(draft, at):
    twin = Registration.objects.get(pk=draft.pk)
    states.move(draft, "submitted", at=at, submitted_at=at)
    with pytest.raises(states.StaleStatus):
        states.move(twin, "referred", at=at, submitted_at=at)
    assert draft.status_changes.count() == 1
