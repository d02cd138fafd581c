"""Payments that stand at the bank: `python -m tests.payments.started 20`.

On the data of a running portal; prints, as JSON, each one's reference and FPX's genuine callback.
"""

import json
import sys
from datetime import timedelta

import django

django.setup()

from django.utils import timezone  # noqa: E402 (models need loaded apps)

from accounts.models import User  # noqa: E402
from development.cast import crowd_member, make, unpaid  # noqa: E402
from development.people import begin_payment  # noqa: E402
from tests.payments import fakes  # noqa: E402


def started(number, key_name):
    """The payment of the driver of that number."""
    at = timezone.now()
    person, _story = crowd_member(number)
    make(person, unpaid, at=at)
    user = User.objects.opened().with_ic_number(person.ic_number).get()
    contribution = user.registrations.get().contributions.get()
    payment = begin_payment(contribution, at=at - timedelta(minutes=1))
    body = fakes.answer(payment, "00", key_name=key_name)
    return {"reference": payment.reference, "body": body.decode("latin-1")}


if __name__ == "__main__":
    first, count, key_name = int(sys.argv[1]), int(sys.argv[2]), sys.argv[3]
    print(json.dumps([started(number, key_name) for number in range(first, first + count)]))
