"""Makes drivers who owe a contribution: `python -m tests.journeys.ready 3`.

On the data of a running portal; prints, as JSON, each one's session cookie and bank page.
"""

import json
import sys

import django

django.setup()

from django.conf import settings  # noqa: E402 (models need loaded apps)
from django.test import Client  # noqa: E402
from django.urls import reverse  # noqa: E402
from django.utils import timezone  # noqa: E402

from accounts.models import User  # noqa: E402
from contributions.models import Contribution  # noqa: E402
from development.cast import crowd_member, make, unpaid  # noqa: E402


def ready(number):
    """The driver of that number, signed in."""
    person, _story = crowd_member(number)
    make(person, unpaid, at=timezone.now())
    user = User.objects.opened().with_ic_number(person.ic_number).get()
    client = Client()
    client.force_login(user)
    contribution = Contribution.objects.get(registration__user=user)
    return {
        "cookie": [
            settings.SESSION_COOKIE_NAME,
            client.cookies[settings.SESSION_COOKIE_NAME].value,
        ],
        "path": reverse("payments:choose_bank", args=[contribution.public_id]),
        "contribution": contribution.pk,
        "email": user.email,
    }


if __name__ == "__main__":
    print(json.dumps([ready(number) for number in range(int(sys.argv[1]))]))
