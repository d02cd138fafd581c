"""The review desk with many registrations: what its pages cost in queries and milliseconds."""

import time
from collections.abc import Callable, Iterator
from functools import partial
from typing import Any

from django.db import connection, transaction
from django.http import HttpResponse
from django.test import Client
from django.test.utils import CaptureQueriesContext
from django.urls import reverse
from django.utils import timezone
from django_otp import DEVICE_ID_SESSION_KEY

from accounts.models import Authenticator, User
from registration.models import Registration
from registration.services import claims

REGISTRATIONS = 200_000
WAITING_EACH = 10  # every tenth waits for an officer
TIMES = 5
QUEUE = "registration/registration/?giliran=menunggu"

# Rows as wide as real ones; the encrypted columns repeat one person's, for only a page is read.
_PEOPLE = """
    INSERT INTO accounts_user (password, is_superuser, username, full_name, ic_number,
        ic_number_index, phone, phone_index, email, email_index, secret_phrase, language,
        consent_version, consent_language, created_at, opened_at, is_active, is_staff)
    SELECT password, false, 'desk' || n, 'Pemandu ' || n, ic_number, md5('ic' || n), phone,
        md5('phone' || n), email, md5('email' || n), secret_phrase, language, consent_version,
        consent_language, created_at, opened_at, true, false
    FROM accounts_user, generate_series(1, %s) AS n WHERE id = %s
"""
_REGISTRATIONS = """
    INSERT INTO registration_registration (public_id, user_id, sector, region, status,
        citizenship, address_line_1, address_line_2, postcode, town, state, operator_name,
        vehicle_number, created_at, chosen_at, changed_at, submitted_at, queued_at, reason,
        reason_note, allowed_for)
    SELECT gen_random_uuid(), id, 'taxi', 'peninsular',
        CASE WHEN id %% %s = 0 THEN 'submitted' ELSE 'approved' END,
        'citizen', '12 Jalan Melati', '', '43000', 'Kajang', 'selangor', '',
        'V' || chr(65 + (id %% 26)::int) || chr(65 + (id / 26 %% 26)::int) || ' ' || id %% 10000,
        %s, %s, %s, %s, %s::timestamptz - id * interval '1 second', '', '', ''
    FROM accounts_user WHERE username LIKE 'desk%%'
"""


def measure(model_person: User) -> Iterator[str]:
    """Fills the tables, then opens the queue, claims the next case and searches."""
    at = timezone.now()
    with transaction.atomic(), connection.cursor() as cursor:
        # Rows as no service makes them: the triggers would refuse them.
        cursor.execute("SET LOCAL session_replication_role = replica")
        cursor.execute(_PEOPLE, [REGISTRATIONS, model_person.pk])
        cursor.execute(_REGISTRATIONS, [WAITING_EACH, at, at, at, at, at])
        cursor.execute("ANALYZE accounts_user, registration_registration")
    client, officer = _officer()
    yield f"desk with {Registration.objects.count()} registrations"
    searched = {
        "plate": Registration.objects.order_by("-pk")[500].vehicle_number,
        "IC": model_person.ic_number,
        "phone": model_person.phone,
        "receipt": model_person.receipts.earliest("pk").number,
    }
    acts: dict[str, Callable[[], Any]] = {
        "queue": lambda: _ok(client.get(_desk(QUEUE))),
        "queue, last page": lambda: _ok(client.get(_desk(f"{QUEUE}&p=390"))),
        "front page": lambda: _ok(client.get(_desk(""))),
        "next case": lambda: _next(officer),
    }
    for name, act in acts.items():
        yield _measured(name, act)
    for kind, words in searched.items():
        yield _measured(f"search by {kind}", partial(_find, client, words))


def _officer() -> tuple[Client, User]:
    officer = User.objects.create_superuser("meja", "x", created_at=timezone.now())
    device = Authenticator.objects.create(user=officer, name="bench", confirmed=True)
    client = Client(headers={"Host": "127.0.0.1"})
    client.force_login(officer)
    session = client.session
    session[DEVICE_ID_SESSION_KEY] = device.persistent_id
    session.save()
    return client, officer


def _desk(path: str) -> str:
    return reverse("admin:index") + path


def _ok(answer: Any) -> HttpResponse:
    assert answer.status_code == 200, answer.status_code
    return answer  # type: ignore[no-any-return]


def _find(client: Client, words: str | None) -> None:
    page = _ok(client.post(_desk("carian/"), {"q": words}))
    assert b'<th scope="row">' in page.content, "nobody is found"


def _next(officer: User) -> None:
    at = timezone.now()
    case = claims.claim_next(by=officer, at=at)
    assert case
    claims.release_claim(registration=case, by=officer, at=at)


def _measured(name: str, act: Callable[[], Any]) -> str:
    act()
    with CaptureQueriesContext(connection) as queries:
        act()
    asked = len(queries)  # now: the next request empties the log that it counts
    started = time.perf_counter()
    for _time in range(TIMES):
        act()
    ms = 1000 * (time.perf_counter() - started) / TIMES
    return f"  {name:<20} {ms:8.1f} ms  {asked:3} queries"
