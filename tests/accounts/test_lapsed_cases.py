"""A case whose link died unused: the page says so, and the next case ends it."""

import threading
from datetime import timedelta
from uuid import uuid4

import pytest
from django.db import connection, transaction

from accounts.models import AccountCase, EmailLink, link
from accounts.models.link import RECOVERY_LINK_LIFE
from accounts.services.cases import (
    CONTACT_DELAY,
    CoolingOff,
    Report,
    propose_closing,
    propose_contact,
    release_cases,
    report_case,
    stop_case,
)
from accounts.services.closing import close_for_log_in
from accounts.tasks import send_email_link
from foundation.audit import AuditEvent
from foundation.states import ForbiddenMove
from tests.accounts.pages import lands
from tests.factories import AT, make_code, make_officer, make_token, make_user
from tests.reading import in_one_line

HERS = "850101145523"
MISTYPED = {"phone": "+60198765432", "email": "aminah.bahru@contoh.com"}
NEW = {"phone": "+60198765432", "email": "aminah.baharu@contoh.com"}
RELEASED = AT + CONTACT_DELAY
DIES = RELEASED + RECOVERY_LINK_LIFE
SECOND = timedelta(seconds=1)
DEAD_WORDS = (
    "Pautan ini telah tamat tempoh. Pautan ini sah selama 7 hari. "
    "Bawa MyKad asal ke pejabat PERKESO."
)


@pytest.fixture
def aminah(db):
    return make_user(ic_number=HERS, phone="+60123456789", email="aminah@contoh.com")


@pytest.fixture
def rohani(db):
    return make_officer()


def reported(kind="lost_contact", ic_number=HERS):
    report = Report(ic_number=ic_number, full_name="Aminah binti Ali", **NEW)
    return report_case(attempt=uuid4(), kind=kind, report=report, network="", at=AT)


def propose(case, at, contact=NEW, by=None):
    by = by or make_officer(f"Pegawai {uuid4()}")
    return propose_contact(case=case, **contact, note="MyKad asal", by=by, at=at)


@pytest.fixture
def promised(aminah):
    """An officer saw Aminah's MyKad, and mistyped her address."""
    return propose(reported(), AT, MISTYPED)


@pytest.fixture
def mailed(promised, aminah):
    """The day has passed, the link is under way; its token."""
    release_cases(at=RELEASED)
    return make_token(aminah, "recover", at=RELEASED)


def status_of(case):
    return AccountCase.objects.get(pk=case.pk).status


# --- the way out ---------------------------------------------------------------------------
def test_the_next_case_ends_the_one_whose_link_died(mailed, promised, aminah, rohani):
    again = propose(reported(), DIES, by=rohani)
    promised.refresh_from_db()
    assert (promised.status, again.status) == ("lapsed", "cooling_off")
    assert again.takes_effect_at == DIES + CONTACT_DELAY
    change = promised.status_changes.latest("pk")
    assert (change.from_status, change.to_status, change.by, change.at, change.note) == (
        "cooling_off",
        "lapsed",
        rohani,
        DIES,
        again.reference,
    )
    event = AuditEvent.objects.get(action="account_case_lapsed")
    assert (event.by, event.subject_id) == (rohani, str(promised.pk))
    assert event.detail == {"kind": "lost_contact", "successor": again.pk}


def test_the_new_case_leads_her_in(client, mailed, aminah, clock):
    again = propose(reported(), DIES)
    clock.move_to(DIES + CONTACT_DELAY)
    assert release_cases(at=DIES + CONTACT_DELAY) == 1
    token = make_token(aminah, "recover", at=DIES + CONTACT_DELAY)
    client.get(f"/akaun/pulih/pautan/{token}/")
    client.post("/akaun/pulih/")
    digits = make_code(aminah, "new_phone", at=DIES + CONTACT_DELAY)
    assert lands(client.post("/akaun/pulih/otp/", {"code": digits}), "/lupa-kata-laluan/")
    aminah.refresh_from_db()
    assert (aminah.email, status_of(again)) == (NEW["email"], "done")


def test_a_case_still_in_its_day_is_waited_for(promised):
    with pytest.raises(CoolingOff):
        propose(reported(), RELEASED - SECOND)
    assert status_of(promised) == "cooling_off"


def test_a_case_whose_link_was_not_released_yet_is_waited_for(promised):
    with pytest.raises(CoolingOff):
        propose(reported(), DIES)  # the clock stood still


def test_a_case_whose_link_is_not_mailed_yet_is_waited_for(promised):
    release_cases(at=RELEASED)
    with pytest.raises(CoolingOff):
        propose(reported(), RELEASED + SECOND)


def test_a_living_link_is_waited_for(mailed, promised, aminah):
    again = reported()
    with pytest.raises(CoolingOff, match="sedang menunggu 24 jam atau pengesahan"):
        propose(again, DIES - SECOND)
    assert (status_of(promised), status_of(again)) == ("cooling_off", "opened")
    assert aminah.links.get(purpose="recover").why_closed(DIES - SECOND) == ""


def test_a_link_out_of_use_is_not_waited_for(mailed, promised, aminah):
    aminah.links.filter(purpose="recover").update(superseded_at=RELEASED)
    propose(reported(), RELEASED + SECOND)
    assert status_of(promised) == "lapsed"


def test_what_fails_leaves_the_earlier_case(mailed, promised):
    with pytest.raises(ForbiddenMove):  # its own page, kept open for a week
        propose(AccountCase.objects.get(pk=promised.pk), DIES)
    assert status_of(promised) == "cooling_off"
    assert not AuditEvent.objects.filter(action="account_case_lapsed").exists()


def test_the_mail_of_a_lapsed_case_is_not_made_anew(mailed, aminah, mailoutbox):
    link = aminah.links.get(purpose="recover")
    propose(reported(), DIES)
    send_email_link.handler(link.pk, at=DIES + SECOND)  # an officer lets the parked row try again
    assert not mailoutbox


def test_a_lapsed_case_is_stopped_no_more(mailed, promised):
    propose(reported(), DIES)
    with pytest.raises(ForbiddenMove):
        stop_case(case=AccountCase.objects.get(pk=promised.pk), at=DIES)


def test_another_account_is_left_alone(mailed, promised):
    boon = make_user("Boon bin Chandran")
    propose(reported(ic_number=boon.ic_number), DIES)
    assert status_of(promised) == "cooling_off"


def test_a_taken_number_ends_no_case(mailed, promised, rohani):
    case = propose_closing(case=reported("ic_number_taken"), note="MyKad", by=rohani, at=DIES)
    assert (status_of(promised), status_of(case)) == ("cooling_off", "proposed")


def test_an_account_that_was_closed_meanwhile_is_sent_no_link(promised, aminah, rohani):
    close_for_log_in(user=aminah, by=rohani, at=AT + SECOND, action="account_closed")
    assert release_cases(at=RELEASED) == 0
    assert not EmailLink.objects.filter(purpose="recover").exists()


@pytest.mark.django_db(transaction=True)
def test_whoever_uses_the_link_now_is_not_overtaken(mailed, promised, aminah):
    again, officer, refusals = reported(), make_officer(), []

    def try_it():
        try:
            propose(again, DIES, by=officer)
        except CoolingOff as refusal:
            refusals.append(refusal)
        finally:
            connection.close()

    with transaction.atomic():
        EmailLink.objects.select_for_update().get(user=aminah, purpose="recover")
        desk = threading.Thread(target=try_it)
        desk.start()
        desk.join(10)
        assert not desk.is_alive()
    assert len(refusals) == 1
    assert status_of(promised) == "cooling_off"


# --- the page of the dead link -------------------------------------------------------------
def closed_page(client, token, language=""):
    client.get(f"{language}/akaun/pulih/pautan/{token}/")
    return client.get(f"{language}/akaun/pulih/").text


def test_the_page_says_what_is_true(client, mailed, clock):
    clock.move_to(DIES)
    page = closed_page(client, mailed)
    assert DEAD_WORDS in in_one_line(page)
    assert 'href="/lupa-kata-laluan/tiada-akses/"' in page
    assert "24 jam" not in page
    assert "Profil anda" not in page


def test_the_page_says_it_in_english(client, mailed, clock):
    clock.move_to(DIES)
    page = closed_page(client, mailed, "/en")
    assert "This link has expired. It worked for 7 days." in page
    assert "Bring your original MyKad to a PERKESO office." in page
    assert "24 hours" not in page


def test_the_page_takes_the_days_from_the_setting(client, mailed, clock, monkeypatch):
    monkeypatch.setattr(link, "RECOVERY_LINK_LIFE", timedelta(days=9))
    clock.move_to(DIES)
    assert "Pautan ini sah selama 9 hari." in closed_page(client, mailed)


def test_a_link_that_was_stopped_leads_to_no_profile(client, mailed, promised, clock):
    clock.move_to(RELEASED)
    stop_case(case=promised, at=RELEASED)
    page = closed_page(client, mailed)
    assert "Perubahan ini telah dihentikan atau dibatalkan" in page
    assert "Bawa MyKad asal ke pejabat PERKESO." in page
    assert "Profil anda" not in page


@pytest.mark.parametrize(
    ("purpose", "page", "life"),
    [
        ("activate", "/akaun/lengkapkan/", "Pautan sah selama 24 jam."),
        ("reset", "/lupa-kata-laluan/baharu/", "sah selama 4 jam."),
        ("officer", "/pegawai/", "Pautan sah selama 24 jam."),
        ("new_email", "/akaun/e-mel/sahkan/", "Pautan sah selama 24 jam."),
        ("undo", "/akaun/batal/", "Pautan sah selama 24 jam."),
        ("stop", "/akaun/henti/", "Pautan sah selama 24 jam."),
    ],
)
def test_every_other_link_states_its_own_life(patient, client, aminah, clock, purpose, page, life):
    link = EmailLink.objects.create(user=aminah, purpose=purpose, requested_at=AT)
    link.make_token(AT)
    assert link.life == timedelta(hours=4 if "selama 4 jam" in life else 24)
    session = client.session
    session["link"] = link.pk
    session.save()
    clock.move_to(AT + link.life)
    assert life in client.get(page).text
