"""A stopped clock, a worker that works when told to, a gateway that keeps what it was sent."""

from importlib import import_module
from urllib.parse import parse_qs

import pytest
import responses
from django.utils import timezone


@pytest.fixture(autouse=True)
def still(clock):
    """Every test here stands at the tests' moment."""


@pytest.fixture
def gateway(settings):
    """The SMS gateway; what came is in `gateway.texts`, newest last, as (to, text)."""
    with responses.RequestsMock(assert_all_requests_are_fired=False) as mock:
        mock.texts = []

        def accept(request):
            fields = {name: values[0] for name, values in parse_qs(request.body).items()}
            mock.texts.append((fields["to"], fields["text"]))
            return 200, {}, '{"status": "accepted"}'

        mock.add_callback("POST", settings.SMS_URL, callback=accept)
        yield mock


@pytest.fixture
def work(db, gateway):
    """Does all that is due in the outbox, as worker and sweep would.

    Imported late: pytest reads this file before the settings are loaded.
    """
    outbox = import_module("foundation.outbox")

    def do_what_is_due():
        at = timezone.now()
        for row in outbox.OutboxRow.objects.due(at).order_by("pk"):
            outbox.attempt(row.pk, at=at)

    return do_what_is_due
