"""What became of each message, as the desk sees it."""

from datetime import timedelta
from urllib.parse import parse_qsl

import pytest
import responses
import time_machine
from django.conf import settings as portal
from django.urls import reverse
from django.utils import timezone

from accounts import sms
from foundation import mail, messages, outbox
from foundation.models import OutboxRow
from tests.factories import make_user
from tests.staff.desk import seated

pytestmark = pytest.mark.django_db
LIMIT = timedelta(minutes=5)


@pytest.fixture
def acts(monkeypatch):
    """Acts that mail, text, fail and do neither."""
    monkeypatch.setattr(outbox, "ACTS", {})
    user = make_user()

    def write(pk, *, at):
        mail.send(user.email, "accounts/mail/corrected", {"user": user}, language="ms")

    def text(pk, *, at):
        sms.send(user.phone, "RM0.00 PERKESO: Helo")

    def fail(pk, *, at):
        raise RuntimeError

    def draw(pk, *, at):
        pass

    return {act.__name__: outbox.task(limit=LIMIT)(act) for act in (write, text, fail, draw)}


@pytest.fixture
def gateway():
    """The SMS gateway's side; takes everything."""
    with responses.RequestsMock() as answers:
        answers.post(portal.SMS_URL, json={"status": "accepted"})
        yield answers


def tried(act, at, times=1):
    row = outbox.add(act, 1, at=at)
    for _ in range(times):
        OutboxRow.objects.filter(pk=row.pk).update(next_attempt_at=at)
        outbox.attempt(row.pk, at=at)
    return OutboxRow.objects.get(pk=row.pk)


def fields_of(call):
    return dict(parse_qsl(call.request.body))


@pytest.fixture
def texted(acts, at, gateway):
    """A row whose SMS went out, and where its delivery is reported."""
    row = tried(acts["text"], at)
    address = fields_of(gateway.calls[0])["dlr_url"]
    return row, address.removeprefix(portal.PORTAL_URL)


def state_of(row):
    row.refresh_from_db()
    assert OutboxRow.objects.in_state(row.state).filter(pk=row.pk).exists()
    assert sum(OutboxRow.objects.in_state(word).filter(pk=row.pk).count() for word in WORDS) == 1
    return row.state


WORDS = ["queued", "sent", "delivered", "failed", "done"]


def test_a_row_waits_first(acts, at):
    assert state_of(outbox.add(acts["write"], 1, at=at)) == "queued"


def test_a_mail_is_sent(acts, at, mailoutbox):
    row = tried(acts["write"], at)
    assert state_of(row) == "sent"
    assert (row.channel, row.sent_at) == ("mail", at)


def test_an_act_that_sends_nothing_is_done(acts, at):
    assert state_of(tried(acts["draw"], at)) == "done"


def test_a_failure_waits_and_then_has_failed(acts, at):
    assert state_of(tried(acts["fail"], at)) == "queued"
    assert state_of(tried(acts["fail"], at, times=5)) == "failed"


@pytest.mark.parametrize(
    ("status", "state"),
    [
        ("DELIVRD", "delivered"),
        ("UNDELIV", "failed"),
        ("EXPIRED", "failed"),
        ("ENROUTE", "sent"),
        ("", "sent"),
    ],
)
def test_the_gateway_reports_what_became_of_a_text(client, texted, status, state):
    row, address = texted
    assert state_of(row) == "sent"
    answer = client.post(address, {"status": status, "to": "60123456789"})
    assert answer.status_code == 200
    assert not answer.cookies
    assert state_of(row) == state


def test_the_first_last_word_stays(client, texted):
    row, address = texted
    client.post(address, {"status": "DELIVRD"})
    client.post(address, {"status": "UNDELIV"})
    assert state_of(row) == "delivered"


def test_nobody_else_reports(client, texted):
    row, address = texted
    for token, status in {
        f"{row.pk}": 404,
        f"{address.split('/')[-2][:-1]}x": 404,
        "%00": 400,
    }.items():
        answer = client.post(f"/sms/laporan/{token}/", {"status": "DELIVRD"})
        assert answer.status_code == status
    assert client.get(address).status_code == 405
    assert state_of(row) == "sent"


@pytest.mark.parametrize(("days", "status"), [(6, 200), (8, 404)])
def test_a_report_comes_within_a_week(client, texted, days, status):
    _row, address = texted
    with time_machine.travel(timezone.now() + timedelta(days=days), tick=False):
        assert client.post(address, {"status": "DELIVRD"}).status_code == status


def test_outside_of_an_act_nothing_is_reported(gateway):
    sms.send("+60123456789", "RM0.00 PERKESO: Helo")
    assert fields_of(gateway.calls[0]).get("dlr_url", "") == ""
    assert messages.report_address() == ""


def test_the_desk_sees_states_and_no_personal_data(client, texted):
    row, _address = texted
    seated(client)
    page = client.get(reverse("admin:foundation_outboxrow_changelist"), {"keadaan": "sent"})
    assert f'field-kind">{row.kind}' in page.text
    assert "Dihantar" in page.text
    assert "+6012" not in page.text
    assert "Helo" not in page.text
    queued = client.get(reverse("admin:foundation_outboxrow_changelist"), {"keadaan": "queued"})
    assert f'field-kind">{row.kind}' not in queued.text
