"""The decision form: documents beside what was typed, then the next in the queue."""

from datetime import date, timedelta

import pytest
from django.contrib.auth.models import Permission

from accounts.services.corrections import approve_correction, propose_correction
from foundation.audit import AuditEvent
from payments.models import PaymentCase
from registration.models import Registration, ReviewClaim
from registration.services import claims, decisions, drafts, submission
from staff.forms.decision import state_of
from tests.by_hand import by_hand
from tests.factories import (
    make_contribution,
    make_cover,
    make_document,
    make_officer,
    make_payment,
    make_receipt,
    make_registration,
    make_user,
)
from tests.reading import in_one_line
from tests.staff.desk import seated
from tests.staff.test_log_in import URL as LOG_IN
from tests.staff.test_log_in import digits, typed

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("clock")]
NEXT = "/staf/registration/registration/seterusnya/"


@pytest.fixture
def waiting(at):
    """Aminah's, paid for."""
    return make_registration(make_user("Aminah binti Ali"), "submitted", is_paid=True, at=at)


def address(registration):
    return f"/staf/registration/registration/{registration.pk}/semak/"


def answers(registration, decision, **more):
    """What the form sends; `seen` tells which state the officer saw."""
    seen = {"seen": state_of(registration)}
    return {"decision": decision, "reason": "", "note": ""} | seen | more


def codes(page):
    return {
        name: [error.code for error in found]
        for name, found in page.context["form"].errors.as_data().items()
    }


def test_documents_stand_beside_what_was_typed(client, waiting):
    make_document_of = waiting.documents.get(kind="psv")
    seated(client)
    page = client.get(address(waiting))
    assert page.status_code == 200
    for words in [
        f'src="/staf/registration/supportingdocument/{make_document_of.public_id}/1/"',
        "D1234567",
        "31\xa0Dis\xa02030",
        "Aminah binti Ali",
        f"••••••-••-{waiting.user.ic_number[-4:]}",
        "1\xa0Jan\xa01985",
        "Teksi · Semenanjung Malaysia",
        "12 Jalan Melati, 43000 Kajang, Selangor",
        "VAB 1234",
    ]:
        assert words in page.text
    assert waiting.user.ic_number not in page.text


@pytest.mark.parametrize("decided", [False, True])
def test_paid_is_what_each_receipt_says(client, waiting, at, decided):
    """Not when it joined the queue: it may be sent again, and leaves the queue when approved."""
    paid = at - timedelta(hours=2, seconds=29)
    make_receipt(waiting, issued_at=paid)
    if decided:
        decisions.approve_registration(registration=waiting, by=make_officer(), at=at)
    seated(client)
    for page in (address(waiting), f"/staf/registration/registration/{waiting.pk}/change/"):
        assert "22/11/2026 07:59:31" in in_one_line(client.get(page).text)


def test_a_pdf_is_shown_page_by_page(client, waiting):
    Registration.objects.filter(pk=waiting.pk).update(queued_at=None)
    waiting.refresh_from_db()
    paper = make_document(waiting, "psv", media_type="application/pdf", pages=[b"satu", b"dua"])
    seated(client)
    page = client.get(address(waiting))
    assert "Kad PSV, 2 halaman" in in_one_line(page.text)
    for number in (1, 2):
        path = f"/staf/registration/supportingdocument/{paper.public_id}/{number}/"
        assert f'<img src="{path}"' in page.text
        assert client.get(path).getvalue() == [b"satu", b"dua"][number - 1]
    assert "/fail/" not in page.text


@pytest.mark.parametrize(
    ("decision", "more", "status"),
    [
        ("approved", {}, "approved"),
        ("returned", {"reason": "mismatch"}, "returned"),
        ("rejected", {"reason": "other", "note": "Lesen GDL"}, "rejected"),
    ],
)
def test_a_paid_registration_is_decided(client, waiting, decision, more, status):
    officer = seated(client)
    answer = client.post(address(waiting), answers(waiting, decision, **more))
    assert answer.headers["Location"] == "/staf/registration/registration/"
    row = Registration.objects.get()
    assert (row.status, row.decided_by) == (status, officer)
    assert (row.reason, row.reason_note) == (more.get("reason", ""), more.get("note", ""))


def test_documents_are_returned_each_with_its_reason(client, waiting):
    seated(client)
    boxes = {"document_lesen": "blurred", "document_psv": "expired"}
    client.post(address(waiting), answers(waiting, "returned", **boxes))
    row = Registration.objects.get()
    assert (row.status, row.reason) == ("returned", "blurred")
    assert [(one.kind, one.returned_for) for one in row.to_retake] == [
        ("lesen", "blurred"),
        ("psv", "expired"),
    ]
    history = in_one_line(client.get(address(waiting)).text)
    assert "(Lesen memandu: Gambar kabur atau tidak dapat dibaca, Kad PSV: Dokumen" in history


@pytest.mark.parametrize(
    ("decision", "more", "wrong"),
    [
        ("returned", {"reason": "blurred"}, {"document_lesen": ["required"]}),
        ("returned", {"document_psv": "other"}, {"note": ["required"]}),
        (
            "returned",
            {"reason": "other", "note": "x", "document_psv": "ugly"},
            {"document_psv": ["invalid_choice"]},
        ),
        ("approved", {"document_psv": "blurred"}, {"document_psv": ["contradicts"]}),
        ("rejected", {"reason": "blurred"}, {}),
        ("returned", {"reason": "mismatch"}, {}),
    ],
)
def test_a_reason_of_a_document_names_the_document(client, waiting, decision, more, wrong):
    seated(client)
    page = client.post(address(waiting), answers(waiting, decision, **more))
    assert (codes(page) if page.status_code == 200 else {}) == wrong


def test_a_document_of_another_registration_is_not_returned(waiting, at):
    other = make_registration(make_user("Boon"), "submitted", is_paid=True, at=at)
    fault = decisions.Fault(other.live_documents[0], "blurred")
    with pytest.raises(decisions.NotThere):
        decisions.return_registration(
            registration=waiting, by=make_officer(), at=at, faults=[fault]
        )
    assert Registration.objects.get(pk=waiting.pk).status == "submitted"


def test_a_referred_registration_is_allowed(client, at):
    referred = make_registration(make_user(), "referred")
    claims.claim_registration(registration=referred, by=seated(client), at=at)
    page = client.get(address(referred))
    assert [decision.key for decision in page.context["form"].decisions] == ["B", "T"]
    assert 'name="decision" value="submitted" data-key="b"' in in_one_line(page.text)
    client.post(address(referred), answers(referred, "submitted"))
    assert Registration.objects.get().allowed_for == "sabah:psv"


def test_after_a_decision_comes_the_next_in_the_queue(client, waiting, at):
    later = make_registration(make_user("Boon"), "submitted")
    submission.queue_for_review(registration=later, at=at + timedelta(hours=1))
    seated(client)
    answer = client.post(address(waiting), answers(waiting, "approved"))
    assert answer.headers["Location"] == address(later)


@pytest.mark.parametrize(
    ("decision", "more", "expected"),
    [
        ("", {}, {"decision": ["required"]}),
        ("submitted", {}, {"decision": ["invalid_choice"]}),
        ("returned", {}, {"reason": ["required"]}),
        ("rejected", {}, {"reason": ["required"]}),
        ("returned", {"reason": "other"}, {"note": ["required"]}),
        ("approved", {"reason": "blurred"}, {"reason": ["contradicts"]}),
        ("returned", {"reason": "ugly"}, {"reason": ["invalid_choice", "required"]}),
        ("approved", {"seen": "referred 2026"}, {"__all__": ["changed"]}),
    ],
)
def test_each_wrong_answer_is_told_in_a_summary(client, waiting, decision, more, expected, at):
    claims.claim_registration(registration=waiting, by=seated(client), at=at)
    page = client.post(address(waiting), answers(waiting, decision, **more))
    assert codes(page) == expected
    assert 'role="alert"' in page.text
    assert "Ada masalah" in page.text
    assert "<title>Ralat:" in page.text
    assert Registration.objects.get().status == "submitted"


@pytest.mark.parametrize(
    "corrected", [{"full_name": "Aminah bt Ali"}, {"ic_number": "850101145999"}], ids=["name", "IC"]
)
def test_who_was_corrected_meanwhile_is_looked_at_again(client, waiting, corrected, at):
    claims.claim_registration(registration=waiting, by=seated(client), at=at)
    seen = client.get(address(waiting)).context["form"].initial["seen"]
    user = waiting.user
    named = {"full_name": user.full_name, "ic_number": user.ic_number} | corrected
    asked = propose_correction(user=user, **named, reason="Ejaan", by=make_officer(), at=at)
    approve_correction(correction=asked, by=make_officer(), at=at)
    page = client.post(address(waiting), answers(waiting, "approved", seen=seen))
    assert codes(page) == {"__all__": ["changed"]}
    assert Registration.objects.get().status == "submitted"
    assert user.ic_number not in seen


def test_another_officer_was_faster(client, waiting, at):
    seated(client)
    page = client.get(address(waiting))
    seen = page.context["form"].initial["seen"]
    decisions.approve_registration(registration=waiting, by=make_officer(), at=at)
    page = client.post(
        address(waiting), {"decision": "returned", "reason": "blurred", "note": "", "seen": seen}
    )
    assert page.status_code == 200
    assert "tidak menunggu keputusan" in page.text
    assert Registration.objects.get().status == "approved"


def test_what_is_not_paid_is_not_decided(client):
    unpaid = make_registration(make_user(), "submitted")
    seated(client)
    assert "tidak menunggu keputusan" in client.get(address(unpaid)).text
    answer = client.post(address(unpaid), answers(unpaid, "approved"), follow=True)
    assert "telah memutuskan" in answer.text
    assert Registration.objects.get().status == "submitted"


def test_E20_a_permanent_resident_with_a_card_is_pointed_out(client):
    registration = make_registration(
        make_user(), "submitted", is_paid=True, citizenship="permanent_resident"
    )
    seated(client)
    assert "JPJ mungkin mengehadkan PSV" in client.get(address(registration)).text


def test_an_unusual_ic_number_is_pointed_out(client):
    user = make_user(ic_number="301108436001")
    registration = make_registration(user, "submitted", is_paid=True)
    seated(client)
    assert "luar biasa" in client.get(address(registration)).text


def test_what_an_applicant_typed_is_only_text(client):
    registration = make_registration(
        make_user("<script>alert(1)</script>"), "submitted", is_paid=True, town="<b>KL</b>"
    )
    seated(client)
    page = client.get(address(registration))
    assert "<script>alert" not in page.text
    assert "<b>KL</b>" not in page.text


def test_deciding_needs_its_permission(client, waiting):
    officer = make_officer(is_superuser=False)
    officer.user_permissions.add(Permission.objects.get(codename="view_registration"))
    seated(client, officer)
    assert client.get(address(waiting)).status_code == 403
    assert client.post(address(waiting), answers(waiting, "approved")).status_code == 403
    officer.user_permissions.add(Permission.objects.get(codename="change_registration"))
    client.post(address(waiting), answers(waiting, "approved"))
    assert Registration.objects.get().status == "approved"


def test_a_registration_that_is_not_there_has_no_page(client):
    seated(client)
    assert client.get("/staf/registration/registration/1/semak/").status_code == 404


# --- claims --------------------------------------------------------------------------------
def test_a_free_case_is_taken_before_it_is_decided(client, waiting):
    officer = seated(client)
    assert 'name="decision"' not in client.get(address(waiting)).text
    answer = client.post(address(waiting) + "ambil/")
    assert answer.headers["Location"] == address(waiting)
    assert ReviewClaim.objects.get().officer == officer
    page = client.get(address(waiting))
    assert 'name="decision" value="approved" data-key="l"' in in_one_line(page.text)
    assert "milik anda hingga 22\xa0Nov\xa02026, 10:10\xa0pagi" in page.text


def test_a_case_of_another_officer_shows_who_holds_it(client, waiting, at):
    claims.claim_registration(registration=waiting, by=make_officer("Encik Selvam"), at=at)
    seated(client)
    page = client.get(address(waiting))
    assert "dipegang oleh Encik Selvam hingga" in page.text
    assert 'name="decision"' not in page.text
    answer = client.post(address(waiting) + "ambil/", follow=True)
    assert "dipegang oleh Encik Selvam" in answer.text
    client.post(address(waiting), answers(waiting, "approved"))
    assert Registration.objects.get().status == "submitted"


def test_a_case_is_let_go(client, waiting, at):
    claims.claim_registration(registration=waiting, by=seated(client), at=at)
    client.post(address(waiting) + "lepas/")
    assert not ReviewClaim.objects.exists()


def test_the_next_case_comes_claimed(client, waiting):
    officer = seated(client)
    answer = client.post(NEXT)
    assert answer.headers["Location"] == address(waiting)
    assert ReviewClaim.objects.get().officer == officer


def test_nothing_waits(client):
    seated(client)
    answer = client.post(NEXT, follow=True)
    assert "Tiada kes lain yang menunggu" in answer.text


def test_looking_claims_nothing(client, waiting):
    seated(client)
    client.get(address(waiting))
    acts = [address(waiting) + "ambil/", address(waiting) + "lepas/", NEXT]
    assert [client.get(act).status_code for act in acts] == [405, 405, 405]
    assert not ReviewClaim.objects.exists()


def test_enter_in_a_box_decides_nothing(client, waiting, at):
    claims.claim_registration(registration=waiting, by=seated(client), at=at)
    form = client.get(address(waiting)).text.partition('id="decision"')[2]
    # The first button of a form is the one that Enter presses.
    assert form.index("<button disabled hidden>") < form.index('name="decision"')


# --- the rules -----------------------------------------------------------------------------
def test_what_the_rules_refuse_by_now_is_not_allowed(client, at):
    referred = make_registration(make_user(), "referred")
    claims.claim_registration(registration=referred, by=seated(client), at=at)
    referred.documents.filter(kind="psv").update(expiry_date=date(2026, 11, 21))
    page = client.post(address(referred), answers(referred, "submitted"), follow=True)
    assert "tidak boleh dibenarkan: Kad PSV anda sudah tamat tempoh." in page.text
    assert Registration.objects.get().status == "referred"


def test_a_document_of_an_earlier_sector_is_marked_and_holds_nothing_up(client, at):
    boon = make_user("Boon")
    draft = make_registration(boon, kinds=["lesen", "psv", "kad-pemandu"])
    with by_hand():
        draft.documents.filter(kind="kad-pemandu").update(status="quarantined")
    drafts.save_service(user=boon, sector="bus", region="peninsular", at=at)
    bus = make_registration(boon, "submitted", sector="bus", kinds=[], is_paid=True)
    claims.claim_registration(registration=bus, by=seated(client), at=at)
    page = client.get(address(bus)).text
    assert page.count("tidak dikira bagi perkhidmatan dan kawasan ini") == 1
    client.post(address(bus), answers(bus, "approved"))
    assert Registration.objects.get().status == "approved"


# --- cover ---------------------------------------------------------------------------------
def test_cover_stands_after_a_rejection_and_the_officer_sees_it(client, at):
    registration = make_registration(make_user(), "submitted")
    make_cover(registration, issued_at=at)
    registration.refresh_from_db()
    seated(client)
    asked = answers(registration, "rejected", reason="wrong_document")
    answer = client.post(address(registration), asked, follow=True)
    assert answer.redirect_chain[-1][0] == address(registration)
    assert "kekal hingga 22\xa0Dis\xa02026, 10:00\xa0pagi" in answer.text


def test_what_was_paid_is_referred_to_finance_once(client, at):
    registration = make_registration(make_user(), "submitted")
    make_payment(make_contribution(registration), "succeeded")
    registration.refresh_from_db()
    decisions.reject_registration(
        registration=registration, by=make_officer(), at=at, reason="blurred"
    )
    officer = seated(client)
    answer = client.post(address(registration) + "bayaran-balik/", follow=True)
    assert "dibuka untuk kewangan" in answer.text
    case = PaymentCase.objects.get()
    assert case.payment.contribution.registration == registration
    assert AuditEvent.objects.get(action="refund_case_opened").by == officer
    answer = client.post(address(registration) + "bayaran-balik/", follow=True)
    assert "Tiada bayaran lain" in answer.text
    assert PaymentCase.objects.count() == 1


def test_only_a_rejected_registration_is_referred_to_finance(client, waiting):
    seated(client)
    assert client.post(address(waiting) + "bayaran-balik/").status_code == 404


def test_a_rejection_without_cover_says_nothing_of_it(client, waiting, at):
    decisions.reject_registration(registration=waiting, by=make_officer(), at=at, reason="blurred")
    seated(client)
    assert "kekal hingga" not in client.get(address(waiting)).text


@pytest.mark.parametrize(("days", "found"), [("1", 2), ("2", 1), ("7", 0), ("x", 2)])
def test_cases_are_filtered_by_age(client, days, found, at):
    for hours in (30, 60):
        since = at - timedelta(hours=hours)
        make_registration(make_user(), "submitted", is_paid=True, at=since)
    seated(client)
    page = client.get(f"/staf/registration/registration/?umur={days}")
    assert page.context["cl"].result_count == found


@pytest.mark.parametrize(("scanner", "is_told"), [("", True), ("tcp://clamav:3310", False)])
def test_the_desk_says_when_nothing_is_scanned(client, waiting, settings, scanner, is_told):
    settings.CLAMAV_URL = scanner
    seated(client)
    assert ("Imbasan virus dimatikan" in client.get(address(waiting)).text) == is_told


def test_what_waits_for_its_scan_is_neither_shown_nor_approved(client, waiting, at):
    claims.claim_registration(registration=waiting, by=seated(client), at=at)
    with by_hand():
        waiting.documents.update(status="quarantined")
    page = client.get(address(waiting))
    assert "Menunggu imbasan virus" in page.text
    assert "<img" not in page.text
    page = client.post(address(waiting), answers(waiting, "approved"), follow=True)
    assert "belum diimbas" in page.text
    assert Registration.objects.get().status == "submitted"


# --- a session that ends in the middle ---------------------------------------------------------
def test_a_session_that_ends_keeps_reason_and_note(client, waiting, at, clock):
    officer = make_officer()
    client.post(LOG_IN, typed(officer, otp_token=digits(officer, at)))
    client.post(f"{address(waiting)}ambil/")
    clock.shift(timedelta(minutes=11))
    client.session.flush()
    sent = answers(waiting, "returned", reason="other", note="Gambar terpotong di kiri")
    assert client.post(address(waiting), sent).url.startswith(LOG_IN)
    later = at + timedelta(minutes=11)
    back = client.post(LOG_IN, typed(officer, otp_token=digits(officer, later)))
    assert "hantar sekali lagi" in back.text
    page = client.post(f"{address(waiting)}ambil/", follow=True)
    form = page.context["form"]
    assert (form["reason"].value(), form["note"].value()) == ("other", "Gambar terpotong di kiri")
    waiting.refresh_from_db()
    assert waiting.status == "submitted"


def test_nobody_else_reads_what_an_officer_had_typed(client, waiting, at, clock):
    officer, other = make_officer("Puan Rohani"), make_officer("Encik Hafiz")
    client.post(LOG_IN, typed(officer, otp_token=digits(officer, at)))
    client.session.flush()
    client.post(address(waiting), answers(waiting, "returned", note="Gambar terpotong di kiri"))
    client.post(LOG_IN, typed(other, otp_token=digits(other, at)))
    page = client.post(f"{address(waiting)}ambil/", follow=True)
    assert page.context["form"]["note"].value() is None
