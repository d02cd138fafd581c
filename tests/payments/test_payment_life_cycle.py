"""Every move of a payment, allowed or refused."""

from itertools import product

import pytest

from foundation.states import ForbiddenMove, StaleStatus, move
from payments.models import Payment
from tests.by_hand import by_hand

Status = Payment.Status
ALLOWED = {
    ("started", "pending"),
    ("started", "succeeded"),
    ("started", "failed"),
    ("started", "expired"),
    ("pending", "succeeded"),
    ("pending", "failed"),
    ("pending", "expired"),
    ("failed", "succeeded"),
    ("expired", "succeeded"),
}


def test_the_table_names_every_status():
    assert set(Payment.TRANSITIONS) == set(Status)


@pytest.mark.parametrize(("before", "after"), list(product(Status.values, Status.values)))
def test_the_full_matrix(payment, at, before, after):
    with by_hand():
        Payment.objects.update(status=before, credited_at=at)
    payment.refresh_from_db()
    if (before, after) in ALLOWED:
        move(payment, after, at=at, note="ujian")
        change = payment.status_changes.get()
        assert (change.from_status, change.to_status, change.at) == (before, after, at)
    else:
        with pytest.raises(ForbiddenMove):
            move(payment, after, at=at)
    payment.refresh_from_db()
    assert payment.status == (after if (before, after) in ALLOWED else before)


def test_a_stale_twin_loses(payment, at):
    twin = Payment.objects.get()
    move(payment, Status.FAILED, at=at)
    with pytest.raises(StaleStatus):
        move(twin, Status.EXPIRED, at=at)
    assert Payment.objects.get().status == "failed"
