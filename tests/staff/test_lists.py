"""The lists: every one opens, in Malay, masked, with a fixed number of queries."""

import re
from datetime import timedelta
from uuid import uuid4

import pytest
from django.contrib import admin
from django.contrib.auth.models import Permission
from django.db import connection
from django.test.utils import CaptureQueriesContext
from django.urls import reverse
from django.utils import timezone

from accounts.models import User
from accounts.services.cases import Report, report_case
from accounts.services.corrections import propose_correction
from foundation import audit, origin, proposals
from foundation.alarms import raise_alarm
from foundation.audit import AuditEvent
from foundation.outbox import OutboxRow
from foundation.proposals import Proposal
from payments.models import Payment, PaymentCase
from payments.services import reconciliation
from registration.models import Registration
from registration.services import decisions, submission
from staff.waiting import waiting
from staff.words import COLUMNS, MODELS
from tests.factories import (
    make_contribution,
    make_document,
    make_officer,
    make_payment,
    make_refund,
    make_registration,
    make_settlement_file,
    make_user,
    settlement_line,
)
from tests.staff.desk import seated

pytestmark = pytest.mark.django_db
OURS = sorted(admin.site._registry, key=lambda model: model._meta.label)
IDS = [model._meta.label for model in OURS]


def list_url(model):
    return reverse(f"admin:{model._meta.app_label}_{model._meta.model_name}_changelist")


@pytest.mark.parametrize("model", OURS, ids=IDS)
def test_every_list_opens(client, model):
    seated(client)
    assert client.get(list_url(model)).status_code == 200


@pytest.mark.parametrize("model", OURS, ids=IDS)
def test_every_model_and_column_has_a_word_for_staff(client, model):
    assert model._meta.label_lower in MODELS
    shown = admin.site._registry[model]
    assert nameless(model, [*shown.list_display, *(shown.fields or [])], shown) == []
    for inline in shown.inlines:
        assert nameless(inline.model, inline.fields, inline) == []


def nameless(model, names, shown):
    """Columns for which staff have no word."""
    fields = {field.name: field for field in model._meta.fields}
    return [
        name
        for name in names
        if isinstance(name, str)
        and name in fields
        and not hasattr(shown, name)
        and not (fields[name]._verbose_name or name in COLUMNS)
    ]


@pytest.mark.parametrize("model", OURS, ids=IDS)
def test_no_row_is_typed_into(client, model, rf):
    request = rf.get("/")
    request.user = make_officer()
    shown = admin.site._registry[model]
    may_change = shown.has_change_permission(request)
    assert not may_change
    assert not shown.has_add_permission(request)
    assert not shown.has_delete_permission(request)


def test_the_keys_of_authenticators_are_nowhere():
    assert {model._meta.app_label for model in OURS} == {
        "foundation",
        "accounts",
        "registration",
        "contributions",
        "receipts",
        "payments",
    }


def propose_to_end(about, *, by, at):
    """A plan that one administrator would offer no more."""
    proposals.propose(
        kind=Proposal.Kind.PLAN_RATE,
        about=about,
        follows=None,
        effective_from=at.date() + timedelta(days=1),
        reason="",
        by=by,
        at=at,
    )


def rows(many, at):
    """Fills every list with rows of many people."""
    officer = make_officer()
    for number in range(many):
        user = make_user(f"Pemandu {number}")
        registration = make_registration(user, "approved", at=at)
        payment = make_payment(make_contribution(registration), "succeeded")
        case = PaymentCase.objects.create(kind="anomaly", payment=payment, opened_at=at)
        make_refund(case, by=officer)
        raw = make_settlement_file(settlement_line(payment))
        reconciliation.record_settlement_file(raw=raw, name="hari.csv", by=officer, at=at)
        raise_alarm("outbox_late", str(number), at=at)
        propose_to_end({"plan_number": user.pk}, by=officer, at=at)
        propose_correction(
            user=user,
            full_name="Lain",
            ic_number=str(user.ic_number),
            reason="",
            by=officer,
            at=at,
        )
        report_taken(user, at=at)


def report_taken(user, *, at):
    """Somebody says that the user has his IC number."""
    report = Report(user.ic_number, user.full_name, user.phone, user.email)
    report_case(
        attempt=uuid4(), kind="ic_number_taken", report=report, network=user.username, at=at
    )


def queries_of(client, model):
    with CaptureQueriesContext(connection) as queries:
        assert client.get(list_url(model)).status_code == 200
    return len(queries)


def test_every_list_takes_as_many_queries_with_many_rows_as_with_one(client, clock, at):
    seated(client)
    rows(1, at)
    few = {model: queries_of(client, model) for model in OURS for _warm in range(2)}
    rows(12, at)
    many = {model: queries_of(client, model) for model in OURS}
    assert many == few


def test_the_front_page_takes_as_many_queries_with_many_rows_as_with_one(client, clock, at):
    seated(client)
    client.get("/staf/")
    with CaptureQueriesContext(connection) as few:
        client.get("/staf/")
    rows(10, at)
    with CaptureQueriesContext(connection) as many:
        client.get("/staf/")
    assert len(many) == len(few) <= 13


@pytest.mark.parametrize("model", OURS, ids=IDS)
def test_every_row_opens_and_shows_no_personal_data_whole(client, model, at):
    rows(1, at)
    user = User.objects.get(full_name="Pemandu 0")
    seated(client)
    pages = [client.get(list_url(model))]
    row = model.objects.first()
    if admin.site._registry[model].list_display_links is not None:
        name = f"admin:{model._meta.app_label}_{model._meta.model_name}_change"
        pages.append(client.get(reverse(name, args=[row.pk])))
    for page in pages:
        assert page.status_code == 200
        for secret in [user.ic_number, user.email, user.phone, user.secret_phrase, user.password]:
            assert secret not in page.text


def test_registrations_wait_oldest_first_and_lead_to_their_decision(client, at):
    second = make_registration(make_user("Boon"), "submitted", is_paid=True, at=at)
    first = make_registration(make_user("Aminah"), "referred", at=at - timedelta(hours=1))
    make_registration(make_user("Chandran"), "approved", at=at - timedelta(hours=2))
    seated(client)
    page = client.get("/staf/registration/registration/?giliran=menunggu")
    assert list(page.context["cl"].result_list) == [first, second]
    assert f'href="/staf/registration/registration/{first.pk}/semak/"' in page.text
    assert f"••••••-••-{first.user.ic_number[-4:]}" in page.text
    assert first.user.ic_number not in page.text


@pytest.mark.parametrize(
    "filters", ["status__exact=approved", "sector__exact=bus", "region__exact=sabah"]
)
def test_registrations_are_filtered(client, filters, at):
    make_registration(make_user(), "submitted")
    seated(client)
    page = client.get(f"/staf/registration/registration/?{filters}")
    assert page.context["cl"].result_count == 0


# --- search --------------------------------------------------------------------------------
BY_OTHER_THAN_PEOPLE = {"PaymentCase", "GatewayMessage", "Refund", "AuditEvent"}
LISTS = [model for model in OURS if admin.site._registry[model].search_fields]


@pytest.mark.parametrize("model", LISTS, ids=lambda model: model._meta.label)
def test_somebody_is_found_by_his_whole_ic_number_that_stands_in_no_url(client, model, at):
    rows(2, at)
    user = User.objects.get(full_name="Pemandu 0")
    written = f"{user.ic_number[:6]}-{user.ic_number[6:8]}-{user.ic_number[8:]}"
    seated(client)
    answer = client.post("/staf/cari/", {"q": written, "list": list_url(model)})
    assert user.ic_number not in answer.headers["Location"]
    page = client.get(answer.headers["Location"])
    found = page.context["cl"].result_count
    assert found == (0 if model.__name__ in BY_OTHER_THAN_PEOPLE else 1)
    assert user.ic_number not in page.text


def test_part_of_an_ic_number_finds_nobody(client, at):
    rows(1, at)
    seated(client)
    answer = client.post("/staf/cari/", {"q": "850101", "list": list_url(Registration)})
    assert client.get(answer.headers["Location"]).context["cl"].result_count == 0


def test_a_payment_is_found_by_its_reference(client, at):
    rows(2, at)
    payment = Payment.objects.first()
    seated(client)
    answer = client.post("/staf/cari/", {"q": payment.reference, "list": list_url(Payment)})
    page = client.get(answer.headers["Location"])
    assert list(page.context["cl"].result_list) == [payment]
    assert f'value="{payment.reference}"' in page.text


@pytest.mark.parametrize("list_", ["https://jahat.example/", "//jahat.example/", ""])
def test_the_search_leads_nowhere_else(client, list_):
    seated(client)
    answer = client.post("/staf/cari/", {"q": "x", "list": list_})
    assert answer.headers["Location"] == "/staf/?q=x"


def test_the_search_is_only_posted(client):
    seated(client)
    assert client.get("/staf/cari/").status_code == 405


# --- the front page ------------------------------------------------------------------------
def test_the_front_page_counts_what_waits(client, clock, at):
    make_registration(make_user(), "submitted", is_paid=True, at=at - timedelta(hours=3))
    make_registration(make_user(), "referred")
    raise_alarm("outbox_late", "x", at=at - timedelta(hours=4))
    paid = make_registration(make_user(), "approved")
    payment = make_payment(make_contribution(paid), at=at - timedelta(minutes=16))
    PaymentCase.objects.create(kind="undecided", payment=payment, opened_at=at)
    make_refund(PaymentCase.objects.create(kind="anomaly", payment=payment, opened_at=at))
    OutboxRow.objects.create(
        kind="x",
        subject_id=1,
        created_at=at,
        next_attempt_at=at,
        parked_at=at - timedelta(hours=5),
    )
    propose_correction(
        user=paid.user, full_name="X", ic_number="850101145999", reason="", by=make_officer(), at=at
    )
    report_taken(paid.user, at=at)
    propose_to_end({"plan_number": 1, "months": 1}, by=make_officer(), at=at)
    seated(client)
    page = client.get("/staf/")
    counts = {count.title: count.number for count in page.context["waiting"]}
    assert counts == {
        "Menunggu semakan": 1,
        "Dirujuk sebelum bayaran": 1,
        "Pembetulan menunggu kelulusan": 1,
        "Kes akaun terbuka": 1,
        "Perubahan harga dan peraturan menunggu kelulusan": 1,
        "Antaranya dihantar semula": 0,
        "Bayaran belum diputuskan selepas 15 minit": 1,
        "Kes kewangan menunggu": 1,
        "Bayaran balik menunggu kelulusan": 1,
        "Penggera terbuka": 1,
        "Tugas yang diketepikan": 1,
    }
    for since in ("7:00\xa0pagi", "6:00\xa0pagi", "5:00\xa0pagi", "9:44\xa0pagi"):
        assert f"sejak 22\xa0Nov\xa02026, {since}" in page.text
    for count in page.context["waiting"]:
        assert bool(count.oldest) == bool(count.number), count.title
        assert client.get(count.url).context["cl"].result_count == count.number, count.title


def test_what_came_back_after_a_decision_is_counted_apart(client, at):
    returned = make_registration(make_user("Aminah"), "submitted", is_paid=True, at=at)
    decisions.return_registration(registration=returned, by=make_officer(), at=at, reason="blurred")
    allowed = make_registration(make_user("Boon"), "referred", at=at)
    submission.queue_for_review(registration=allowed, at=at)
    allowed.refresh_from_db()
    decisions.allow_registration(registration=allowed, by=make_officer(), at=at)
    later = at + timedelta(hours=1)
    make_document(returned, at=later)
    submission.submit_registration(registration=returned, by=returned.user, at=later)
    seated(client)
    counts = {count.title: count for count in client.get("/staf/").context["waiting"]}
    again = counts["Antaranya dihantar semula"]
    assert (counts["Menunggu semakan"].number, again.number, again.since) == (2, 1, later)
    assert [row.user.full_name for row in client.get(again.url).context["cl"].result_list] == [
        "Aminah"
    ]


@pytest.mark.parametrize(("minutes", "number"), [(0, 0), (15, 0), (16, 1)])
def test_a_payment_of_a_moment_ago_is_not_late(client, at, clock, minutes, number):
    contribution = make_contribution(make_registration(make_user(), "approved"))
    make_payment(contribution, at=at - timedelta(minutes=minutes))
    [late] = [count for count in waiting(at) if count.title.startswith("Bayaran belum")]
    assert late.number == number
    seated(client)
    assert client.get(late.url).context["cl"].result_count == number


def test_the_counts_are_a_query_for_each_table(db, at, django_assert_num_queries):
    with django_assert_num_queries(9):
        waiting(at)


def test_an_officer_sees_what_he_may_see(client):
    officer = make_officer(is_superuser=False)
    officer.user_permissions.add(Permission.objects.get(codename="view_registration"))
    seated(client, officer)
    page = client.get("/staf/")
    assert [count.title for count in page.context["waiting"]] == [
        "Menunggu semakan",
        "Dirujuk sebelum bayaran",
        "Antaranya dihantar semula",
    ]
    assert client.get("/staf/payments/payment/").status_code == 403


# --- alarms and reference data -------------------------------------------------------------
def test_an_officer_clears_alarms(client, at):
    alarm = raise_alarm("outbox_late", "x", at=at)
    officer = seated(client)
    chosen = {"action": "clear_alarms", "_selected_action": [alarm.pk]}
    client.post("/staf/foundation/alarm/", chosen)
    alarm.refresh_from_db()
    assert alarm.cleared_by == officer


def test_clearing_needs_its_permission(client, at):
    alarm = raise_alarm("outbox_late", "x", at=at)
    officer = make_officer(is_superuser=False)
    officer.user_permissions.add(Permission.objects.get(codename="view_alarm"))
    seated(client, officer)
    client.post(
        "/staf/foundation/alarm/", {"action": "clear_alarms", "_selected_action": [alarm.pk]}
    )
    alarm.refresh_from_db()
    assert alarm.cleared_at is None


def test_what_was_parked_is_tried_again_by_an_administrator(client, at, monkeypatch):
    """The mail server was away for half an hour; nobody is at fault."""
    told = {"kind": "receipts.send_receipt", "created_at": at, "next_attempt_at": at}
    parked = OutboxRow.objects.create(subject_id=1, attempts=5, parked_at=at, **told)
    done = OutboxRow.objects.create(subject_id=2, done_at=at, **told)
    chosen = {"action": "try_again", "_selected_action": [parked.pk, done.pk]}
    seated(client, make_officer("Juruaudit", is_superuser=False, group="auditor"))
    client.post("/staf/foundation/outboxrow/", chosen)
    assert not OutboxRow.objects.due(timezone.now()).exists()
    seated(client, make_officer("Pentadbir", is_superuser=False, group="administrator"))
    answer = client.post("/staf/foundation/outboxrow/", chosen, follow=True)
    assert "1 tugas dicuba lagi" in answer.text
    row = OutboxRow.objects.due(timezone.now()).get()
    assert (row, row.attempts) == (parked, 0)
    event = AuditEvent.objects.get(action="outbox_tried_again")
    assert event.subject_id == str(parked.pk)


@pytest.mark.parametrize(
    "url",
    [
        "/staf/",
        "/staf/login/",
        "/staf/registration/registration/",
        "/staf/foundation/alarm/",
        "/staf/payments/payment/?status__exact=started",
    ],
)
def test_the_desk_speaks_malay(client, url):
    if url != "/staf/login/":
        seated(client)
    page = client.get(url, headers={"Accept-Language": "en-GB"})
    assert '<html lang="ms"' in page.text
    words = re.sub(r"<[^>]+>", " ", page.text.partition("<body")[2])
    for english in [
        "Search",
        "Log out",
        "Change",
        "View",
        "Welcome",
        "Select",
        "results",
        "Show",
        "Filter ",
        "Skip",
    ]:
        assert english not in words


@pytest.mark.parametrize(
    ("words", "found"),
    [
        ("rohani", {"searched", "refund_requested"}),
        ("22/11/2026", {"searched"}),
        ("23/11/2026", {"refund_requested", "exported"}),
        ("a" * 16, {"exported"}),
        ("b" * 16, set()),
        ("31/02/2026", set()),
        ("tiada", set()),
        ("", {"searched", "refund_requested", "exported"}),
    ],
)
def test_the_trail_is_searched_by_officer_day_and_request(client, at, words, found):
    rohani, selvam = make_officer("Puan Rohani"), make_officer("Encik Selvam")
    seated(client, make_officer("Juruaudit", group="auditor", at=at - timedelta(days=9)))
    audit.record("searched", subject=make_user(), by=rohani, at=at)
    audit.record("refund_requested", subject=make_user(), by=rohani, at=at + timedelta(days=1))
    there = origin.current.set(origin.Origin(request_id="a" * 16))
    audit.record("exported", subject=make_user(), by=selvam, at=at + timedelta(days=1))
    origin.current.reset(there)
    page = client.get("/staf/foundation/auditevent/", {"q": words})
    assert {event.action for event in page.context["cl"].result_list} == found


def test_the_trail_says_in_malay_as_what_somebody_acted(client, at):
    seated(client)
    audit.record("searched", subject=make_user(), by=make_officer(group="support"), at=at)
    page = client.get("/staf/foundation/auditevent/").text
    assert '<td class="field-role">bantuan</td>' in page
