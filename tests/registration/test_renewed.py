"""Renewal by its sentences: valid papers are reused, what ran out is asked for, cover stands."""

from datetime import date, timedelta

import pytest
from django.core import mail

from contributions.models import CoveragePeriod
from registration.models import Registration, SupportingDocument
from registration.services import drafts, submission
from registration.tasks import send_decision
from tests.factories import (
    PARTICULARS,
    decide,
    make_banks,
    make_contribution,
    make_cover,
    make_document,
    make_officer,
    make_payment,
    make_registration,
    make_user,
    tell,
)

pytestmark = pytest.mark.django_db
URL = "/memperbaharui/"
PLAN = "/caruman/pelan/"
DAY = timedelta(days=1)
YESTERDAY, TODAY = date(2026, 11, 21), date(2026, 11, 22)


@pytest.fixture
def covered(client, at):
    """Aminah's, approved, and covered for three weeks more."""
    registration = make_registration(make_user("Aminah binti Ali"), "submitted", at=at - 9 * DAY)
    make_cover(registration, issued_at=at - 9 * DAY)
    registration.refresh_from_db()
    decide(registration, "approved", make_officer(), at - 8 * DAY)
    client.force_login(registration.user)
    return Registration.objects.select_related("user").get()


def expire(**days):
    for kind, day in days.items():
        SupportingDocument.objects.filter(kind=kind).update(expiry_date=day)


def periods():
    return list(
        CoveragePeriod.objects.order_by("pk").values_list(
            "pk", "coverage_starts_at", "coverage_ends_at"
        )
    )


def status():
    row = Registration.objects.get()
    return row.status, row.is_awaiting_review


@pytest.mark.parametrize(
    ("days", "asked", "following"),
    [
        ({}, [], PLAN),
        ({"lesen": TODAY, "psv": TODAY}, [], PLAN),  # through the end of its last day
        ({"lesen": YESTERDAY}, ["Lesen memandu"], "/pendaftaran/dokumen/lesen/"),
        ({"psv": YESTERDAY}, ["Kad PSV"], "/pendaftaran/dokumen/"),
        (
            {"lesen": YESTERDAY, "psv": YESTERDAY},
            ["Lesen memandu", "Kad PSV"],
            "/pendaftaran/dokumen/lesen/",
        ),
    ],
)
def test_only_what_has_run_out_is_asked_for(client, covered, days, asked, following):
    expire(**days)
    page = client.get(URL).text
    for name in ("Lesen memandu", "Kad PSV"):
        assert (f"{name} sudah tamat tempoh" in page) == (name in asked)
    assert client.post(URL, {"is_correct": "yes"}).headers["Location"] == following


def test_valid_documents_are_reused_as_they_are(client, covered):
    before = list(SupportingDocument.objects.order_by("pk").values())
    client.post(URL, {"is_correct": "yes"})
    submission.submit_registration(
        registration=covered, by=covered.user, at=covered.decided_at + 8 * DAY
    )
    assert list(SupportingDocument.objects.order_by("pk").values()) == before
    assert status() == ("approved", False)


def test_unchanged_it_is_paid_without_another_look(covered, at):
    make_cover(covered, issued_at=at)
    assert status() == ("approved", False)
    assert len(periods()) == 2


def change_something(covered, change, at):
    """He replaces his card, or says that he is a permanent resident."""
    if change == "document":
        make_document(covered, "psv", at=at)
    else:
        particulars = PARTICULARS | {"citizenship": "permanent_resident"}
        drafts.save_details(registration=covered, at=at, **particulars)


@pytest.mark.parametrize("change", ["document", "citizenship"])
def test_what_was_changed_goes_back_to_the_queue_while_cover_stands(covered, change, at):
    before = periods()
    change_something(covered, change, at)
    assert status() == ("approved", False)  # until he sends it
    covered.refresh_from_db()
    make_cover(covered, issued_at=at)
    assert status() == ("submitted", True)
    assert periods()[:1] == before
    assert periods()[1][1] == before[0][2]  # the new one begins where the running one ends


@pytest.mark.parametrize("change", ["document", "citizenship"])
def test_what_is_changed_after_it_was_sent_is_sent_again_before_it_is_paid(
    client, covered, change, at
):
    owed = make_contribution(covered, at=at)
    change_something(covered, change, at)
    make_banks(at=at)
    bank_url = f"/bayaran/{owed.public_id}/bank/"
    answer = client.post(bank_url, {"bank": "TEST0021", "email": ""}, follow=True)
    assert answer.redirect_chain[-1][0] == PLAN
    assert not owed.payments.exists()
    client.post("/caruman/semak/", {"is_true": "on"})
    assert status() == ("submitted", False)
    make_payment(owed, "succeeded", at=at)
    assert status() == ("submitted", True)


@pytest.mark.parametrize("change", ["document", "citizenship"])
def test_what_is_changed_while_the_money_is_at_the_bank_goes_to_the_queue(covered, change, at):
    payment = make_payment(make_contribution(covered, at=at), at=at)
    change_something(covered, change, at)
    tell(payment)
    assert status() == ("submitted", True)
    assert len(periods()) == 2
    moved = covered.status_changes.last()
    assert (moved.from_status, moved.to_status, moved.by) == ("approved", "submitted", None)


def refer(covered, at):
    """He now drives in Sabah, where an officer must look at his card first."""
    drafts.save_service(user=covered.user, sector="taxi", region="sabah", at=at)
    covered.refresh_from_db()
    submission.submit_registration(registration=covered, by=covered.user, at=at)


def send_unpaid(covered, at):
    make_document(covered, "psv", at=at)
    covered.refresh_from_db()
    make_contribution(covered, at=at)


@pytest.mark.parametrize(("begin", "now"), [(refer, "referred"), (send_unpaid, "submitted")])
def test_nobody_who_is_covered_reads_that_he_is_not(client, covered, begin, now, at):
    begin(covered, at)
    assert status()[0] == now
    pages = ["/saya/", "/pendaftaran/", *(["/pendaftaran/dirujuk/"] if now == "referred" else [])]
    for page in pages:
        assert "belum dilindungi" not in client.get(page).text
    assert "Perlindungan yang dibayar sebelum ini tidak terjejas" in client.get(pages[-1]).text
    assert "Ya, hingga" in client.get("/saya/").text


def test_a_mail_to_whoever_is_covered_does_not_say_that_he_is_not(covered, at):
    refer(covered, at)
    send_decision.handler(covered.status_changes.last().pk, at=at)
    assert "belum dilindungi" not in mail.outbox[-1].body
    assert "Perlindungan yang dibayar sebelum ini tidak terjejas" in mail.outbox[-1].body


def test_a_refusal_of_what_was_changed_leaves_both_periods(covered, at):
    make_document(covered, "psv", at=at)
    covered.refresh_from_db()
    make_cover(covered, issued_at=at)
    before = periods()
    decide(Registration.objects.get(), "rejected", make_officer(), at + DAY)
    assert periods() == before


def test_a_superseded_document_stays_for_the_record(covered, at):
    make_document(covered, "psv", at=at)
    assert SupportingDocument.objects.filter(kind="psv").count() == 2
    assert [one.kind for one in covered.documents.live()] == ["lesen", "psv"]
