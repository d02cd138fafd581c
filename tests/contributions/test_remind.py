"""Reminders of the end of cover: each once, none after renewal, no flood after an outage."""

from concurrent.futures import ThreadPoolExecutor
from datetime import timedelta
from itertools import pairwise
from threading import Barrier

import pytest
from django.db import IntegrityError, connections, transaction

from accounts.sms import render
from contributions.models import CoveragePeriod, Reminder
from contributions.services import reminders as contribution_reminders
from contributions.tasks import send_reminder, send_reminder_sms
from foundation.outbox import ACTS, OutboxRow
from tests.factories import make_cover, make_registration, make_user

pytestmark = pytest.mark.django_db
DAY = timedelta(days=1)
HOUR = timedelta(hours=1)


@pytest.fixture
def registration(aminah):
    return make_registration(aminah, "submitted")


@pytest.fixture
def yearly(registration, at):
    """Cover from 22 November 2026, ten o'clock, for a year."""
    return make_cover(registration, months=12, issued_at=at)


@pytest.fixture
def texts(monkeypatch):
    """What was texted."""
    sent = []
    monkeypatch.setattr("accounts.sms.send", lambda to, text, **more: sent.append((to, text)))
    return sent


def queued():
    """The reminders that were queued, oldest first."""
    return list(Reminder.objects.order_by("pk").values_list("days_before", flat=True))


def acts():
    rows = OutboxRow.objects.filter(kind__startswith="contributions.")
    return sorted(rows.values_list("kind", flat=True))


def days_before(period, days):
    """Noon, so many days before the end."""
    return period.coverage_ends_at - days * DAY + 2 * HOUR


@pytest.mark.parametrize("days", [30, 7, 1, 0])
def test_each_reminder_is_a_mail_and_an_sms(yearly, days):
    assert contribution_reminders.remind(at=days_before(yearly, days)) == 1
    assert queued() == [days]
    assert acts() == ["contributions.send_reminder", "contributions.send_reminder_sms"]


MONTH, YEAR = [7, 1, 0], [30, 7, 1, 0]


@pytest.mark.parametrize(
    ("payments", "reminders"),
    [
        pytest.param([(0, 1)], [MONTH], id="a month"),
        pytest.param([(0, 12)], [YEAR], id="a year"),
        pytest.param([(0, 1), (20, 1)], [[], MONTH], id="a month, another queued"),
        pytest.param([(0, 1), (20, 12)], [[], YEAR], id="a month, a year queued"),
        pytest.param([(0, 12), (330, 1)], [[], MONTH], id="a year, a month queued"),
        pytest.param([(0, 1), (26, 1)], [[7], MONTH], id="renewed after the first reminder"),
        pytest.param([(0, 12), (359, 12)], [[30, 7], YEAR], id="a year renewed after the second"),
        pytest.param([(0, 1), (20, 1), (40, 1)], [[], [], MONTH], id="each queued in time"),
        pytest.param([(0, 1), (40, 1)], [MONTH, MONTH], id="lapsed, then paid again"),
        pytest.param([(70, 1)], [MONTH], id="28 days of February"),
    ],
)
def test_who_is_reminded_when_and_may_then_renew(registration, at, payments, reminders):
    """Paid so many days after 22 November, for so many months; the clock ticks at noon and one."""
    periods = []
    for (day, months), (next_day, _months) in pairwise([*payments, (1000, 0)]):
        paid_at = at + day * DAY
        periods.append(make_cover(registration, months=months, issued_at=paid_at))
        for noon in noons(periods, paid_at, at + next_day * DAY):
            if contribution_reminders.remind(at=noon) or contribution_reminders.remind(
                at=noon + HOUR
            ):
                assert CoveragePeriod.objects.of(registration).cover(noon).renewable_from is None
    assert [days_of(period) for period in periods] == reminders


def noons(periods, after, before):
    """Of the days on which an end may be news, and of those beside them."""
    near = (31, 30, 8, 7, 1, 0, -1)
    days = sorted({days_before(period, days) for period in periods for days in near})
    return [noon for noon in days if after < noon < before]


def days_of(period):
    """How many days before its end it was reminded of, in that order."""
    rows = Reminder.objects.filter(coverage_ends_at=period.coverage_ends_at).order_by("pk")
    return list(rows.values_list("days_before", flat=True))


def test_after_an_outage_only_the_latest_is_sent(yearly):
    """The clock stood still from before the first reminder until three days before the end."""
    contribution_reminders.remind(at=days_before(yearly, 3))
    assert queued() == [7]
    contribution_reminders.remind(at=days_before(yearly, 2))
    assert queued() == [7]


def test_after_the_last_day_nobody_is_reminded(yearly):
    assert contribution_reminders.remind(at=days_before(yearly, -1)) == 0
    assert queued() == []


def test_nobody_is_woken(yearly, at):
    assert contribution_reminders.remind(at=days_before(yearly, 7).replace(hour=3)) == 0


def test_renewal_stops_them(yearly, registration):
    contribution_reminders.remind(at=days_before(yearly, 30))
    make_cover(registration, months=12, issued_at=days_before(yearly, 20))
    for days in (7, 1, 0):
        contribution_reminders.remind(at=days_before(yearly, days))
    assert queued() == [30]


def test_each_sector_has_its_own(aminah, yearly, at):
    bus = make_registration(aminah, "submitted", sector="bus")
    make_cover(bus, months=12, issued_at=at)
    contribution_reminders.remind(at=days_before(yearly, 7))
    assert set(Reminder.objects.values_list("sector", "days_before")) == {("taxi", 7), ("bus", 7)}


def test_a_run_is_small_and_the_nearest_end_comes_first(at):
    """After an outage codes and receipts must not wait behind reminders."""
    periods = [
        make_cover(make_registration(make_user(), "submitted"), months=12, issued_at=at + n * DAY)
        for n in range(4)
    ]
    now = days_before(periods[0], 0)
    assert [contribution_reminders.remind(at=now, most=2) for _ in range(3)] == [2, 2, 0]
    assert queued() == [0, 1, 7, 7]


def test_the_database_keeps_each_to_once(yearly, at):
    contribution_reminders.remind(at=days_before(yearly, 7))
    again = Reminder.objects.get()
    again.pk = None
    with pytest.raises(IntegrityError, match="reminder_once"), transaction.atomic():
        again.save(force_insert=True)


@pytest.mark.django_db(transaction=True)
def test_two_clocks_send_one(yearly):
    barrier = Barrier(2)

    def tick():
        try:
            barrier.wait()
            return contribution_reminders.remind(at=days_before(yearly, 7))
        finally:
            connections.close_all()

    with ThreadPoolExecutor(2) as clocks:
        answers = [one.result() for one in [clocks.submit(tick), clocks.submit(tick)]]
    assert sorted(answers) == [0, 1]
    assert len(acts()) == 2


@pytest.mark.parametrize("people", [1, 10])
def test_a_run_without_news_asks_little(at, people, django_assert_max_num_queries):
    for _ in range(people):
        make_cover(make_registration(make_user(), "submitted"), months=12, issued_at=at)
    with django_assert_max_num_queries(4):
        assert contribution_reminders.remind(at=at) == 0


# --- what is said --------------------------------------------------------------------------
@pytest.fixture
def reminder(yearly):
    contribution_reminders.remind(at=days_before(yearly, 7))
    return Reminder.objects.get()


def test_the_mail_says_when_cover_ends_and_how_to_renew(reminder, yearly, mailoutbox, aminah):
    send_reminder.handler(reminder.pk, at=days_before(yearly, 7))
    (mail,) = mailoutbox
    body = mail.body.replace("\N{NO-BREAK SPACE}", " ")
    assert mail.to == [aminah.email]
    assert mail.subject.replace("\N{NO-BREAK SPACE}", " ") == (
        "Perlindungan anda tamat pada 22 Nov 2027"
    )
    assert "22 Nov 2027, 10:00 pagi" in body
    assert "/memperbaharui/" in body
    assert aminah.ic_number not in body


def test_the_sms_is_the_mails_short_brother(reminder, yearly, texts, aminah):
    send_reminder_sms.handler(reminder.pk, at=days_before(yearly, 7))
    assert texts == [
        (
            aminah.phone,
            "RM0.00 PERKESO: Perlindungan anda tamat pada 22 Nov 2027, 10:00 pagi. "
            "Log masuk ke portal dan pilih Memperbaharui untuk kekal dilindungi.",
        )
    ]


def test_an_english_driver_reads_english(at, texts, mailoutbox):
    boon = make_user("Tan Boon Keat", language="en")
    period = make_cover(make_registration(boon, "submitted"), months=12, issued_at=at)
    contribution_reminders.remind(at=days_before(period, 7))
    reminder = Reminder.objects.get()
    send_reminder_sms.handler(reminder.pk, at=days_before(period, 7))
    send_reminder.handler(reminder.pk, at=days_before(period, 7))
    assert "Your cover ends on 22 Nov 2027, 10:00 am." in texts[0][1]
    assert "/en/memperbaharui/" in mailoutbox[0].body


def test_what_has_ended_is_said_to_have_ended(yearly, texts, mailoutbox):
    now = days_before(yearly, 0)
    contribution_reminders.remind(at=now)
    reminder = Reminder.objects.get()
    send_reminder_sms.handler(reminder.pk, at=now)
    send_reminder.handler(reminder.pk, at=now)
    assert "telah tamat pada" in texts[0][1]
    assert "telah tamat pada" in mailoutbox[0].subject


@pytest.mark.parametrize("language", ["ms", "en"])
@pytest.mark.parametrize("has_ended", [True, False])
@pytest.mark.parametrize("hour", [0, 12, 22])
def test_the_longest_sms_is_one_segment(reminder, language, has_ended, hour):
    reminder.coverage_ends_at = reminder.coverage_ends_at.replace(month=12, hour=hour, minute=59)
    context = {"reminder": reminder, "has_ended": has_ended}
    text = render("contributions/sms/reminder", context, language=language)
    assert text.startswith("RM0.00 PERKESO: ")
    assert "http" not in text


# --- a worker that was down ----------------------------------------------------------------
def test_no_news_is_sent_after_renewal(reminder, yearly, registration, texts, mailoutbox):
    make_cover(registration, months=12, issued_at=days_before(yearly, 7))
    send_reminder.handler(reminder.pk, at=days_before(yearly, 6))
    send_reminder_sms.handler(reminder.pk, at=days_before(yearly, 6))
    assert (texts, mailoutbox) == ([], [])


def test_only_the_latest_is_sent_when_the_worker_was_down(reminder, yearly, texts):
    contribution_reminders.remind(at=days_before(yearly, 1))
    latest = Reminder.objects.get(days_before=1)
    for one in (reminder, latest):
        send_reminder_sms.handler(one.pk, at=days_before(yearly, 1))
    assert len(texts) == 1


def test_the_day_after_it_is_no_news(reminder, yearly, texts):
    send_reminder_sms.handler(reminder.pk, at=days_before(yearly, -1))
    assert texts == []


def test_reminders_have_their_limits():
    limits = {kind: act.limit for kind, act in ACTS.items() if kind.startswith("contributions.")}
    assert limits == {
        "contributions.send_reminder": timedelta(minutes=15),
        "contributions.send_reminder_sms": timedelta(minutes=15),
    }
