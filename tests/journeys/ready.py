"""Makes drivers who owe a contribution: `python -m tests.journeys.ready 3`.

On the data of a running portal; prints, as JSON, each one's session cookie and bank page. With
`--bare` they have told everything but their documents, and the page is that of the licence. Whoever
wants others than an earlier call has made gives the number of the `--first`.
"""

import json
from argparse import ArgumentParser

import django

django.setup()

from django.conf import settings  # noqa: E402 (models need loaded apps)
from django.test import Client  # noqa: E402
from django.urls import reverse  # noqa: E402
from django.utils import timezone  # noqa: E402

from accounts.models import User  # noqa: E402
from contributions.models import Contribution  # noqa: E402
from development.cast import crowd_member, make, unpaid  # noqa: E402
from development.people import register  # noqa: E402

BARE_FROM = 500  # other people than those who owe


def ready(number):
    """The driver of that number, signed in, who owes."""
    user = driver(number, unpaid)
    contribution = Contribution.objects.get(registration__user=user)
    path = reverse("payments:choose_bank", args=[contribution.public_id])
    return signed_in(user) | {"path": path, "contribution": contribution.pk}


def bare(number):
    """The driver of that number, signed in, without documents."""
    user = driver(BARE_FROM + number, lambda user, at: register(user, at=at, kinds=()))
    return signed_in(user) | {"path": reverse("registration:document", args=["lesen"])}


def driver(number, story):
    """Somebody of the crowd with a story of his own."""
    person, _story = crowd_member(number)
    make(person, story, at=timezone.now())
    return User.objects.opened().with_ic_number(person.ic_number).get()


def signed_in(user):
    """His session's cookie, his address and his key."""
    client = Client()
    client.force_login(user)
    name = settings.SESSION_COOKIE_NAME
    return {"cookie": [name, client.cookies[name].value], "email": user.email, "user": user.pk}


if __name__ == "__main__":
    parser = ArgumentParser()
    parser.add_argument("count", type=int)
    parser.add_argument("--first", type=int, default=0)
    parser.add_argument("--bare", action="store_const", dest="one", const=bare, default=ready)
    wanted = parser.parse_args()
    numbers = range(wanted.first, wanted.first + wanted.count)
    print(json.dumps([wanted.one(number) for number in numbers]))
