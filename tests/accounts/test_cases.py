"""Cases about accounts: the day's wait, the owner who stops it, the account that is closed."""

import re
from datetime import timedelta
from uuid import uuid4

import pytest
from django.db import IntegrityError

from accounts.models import AccountCase, ContactChange, User
from accounts.services.cases import (
    CoolingOff,
    NoAccount,
    Report,
    confirm_closing,
    propose_closing,
    propose_contact,
    refuse_case,
    release_cases,
    report_case,
    stop_case,
)
from foundation import states
from foundation.audit import AuditEvent
from foundation.outbox import OutboxRow
from foundation.refusals import SameOfficer
from foundation.states import ForbiddenMove, StaleStatus
from foundation.wording import masked_phone
from tests.accounts.pages import errors, lands
from tests.browser import Browser
from tests.factories import (
    AT,
    PASSWORD,
    make_account,
    make_code,
    make_officer,
    make_receipt,
    make_registration,
    make_user,
)

HERS = "850101145523"
NEW = {"phone": "+60198765432", "email": "aminah.baharu@contoh.com"}
DAY = timedelta(hours=24)
Status = AccountCase.Status


@pytest.fixture
def aminah(db):
    return make_user(ic_number=HERS, phone="+60123456789", email="aminah@contoh.com")


@pytest.fixture
def rohani(db):
    return make_officer()


def make_case(kind="lost_contact", ic_number=HERS, at=AT):
    report = Report(ic_number=ic_number, full_name="Aminah binti Ali", **NEW)
    return report_case(attempt=uuid4(), kind=kind, report=report, network="", at=at)


@pytest.fixture
def waiting(aminah, rohani):
    """An officer saw Aminah's MyKad."""
    case = make_case()
    propose_contact(case=case, **NEW, note="MyKad asal", by=rohani, at=AT)
    return case


def token_in(mailoutbox, place):
    """The path of the link in the newest mail that has one of this kind."""
    found = [re.search(rf"8000(/akaun/{place}/pautan/\S+/)", mail.body) for mail in mailoutbox]
    return [match for match in found if match][-1][1]


# --- the life cycle ------------------------------------------------------------------------
@pytest.mark.parametrize("before", Status.values)
@pytest.mark.parametrize("to", Status.values)
def test_only_the_table_moves_a_case(aminah, rohani, before, to):
    case, selvam, hafiz = make_case(), make_officer("Encik Selvam"), make_officer("Encik Hafiz")
    moves = {
        "proposed": lambda one: propose_closing(case=one, note="x", by=rohani, at=AT),
        "done": lambda one: confirm_closing(case=one, note="x", by=hafiz, at=AT),
        "cooling_off": lambda one: propose_contact(case=one, **NEW, note="x", by=rohani, at=AT),
        "refused": lambda one: refuse_case(case=one, note="x", by=selvam, at=AT),
        "stopped": lambda one: stop_case(case=one, at=AT),
        "lapsed": lambda one: states.move(one, "lapsed", at=AT),
    }
    paths = {
        "opened": [],
        "done": ["proposed", "done"],
        "stopped": ["cooling_off", "stopped"],
        "lapsed": ["cooling_off", "lapsed"],
    }
    for step in paths.get(before, [before]):
        moves[step](case)
    if (before, to) in {("cooling_off", "done"), ("cooling_off", "lapsed")}:
        return  # by whoever proves the new ends or by the next case, further down
    if to in moves and to not in case.TRANSITIONS[before]:
        with pytest.raises((ForbiddenMove, CoolingOff, AssertionError, NoAccount)):
            moves[to](case)
    elif to in moves:
        moves[to](case)
        assert case.status_changes.latest("pk").to_status == to


def test_the_table_names_every_status():
    assert set(AccountCase.TRANSITIONS) == set(Status)


def test_of_two_officers_one_decides(aminah, rohani):
    case = make_case()
    stale = AccountCase.objects.get(pk=case.pk)
    refuse_case(case=case, note="Bukan orangnya", by=rohani, at=AT)
    with pytest.raises(StaleStatus):
        propose_contact(case=stale, **NEW, note="MyKad", by=make_officer(), at=AT)
    assert not ContactChange.objects.exists()


# --- phone and mailbox lost ----------------------------------------------------------------
def test_nothing_changes_on_the_day_of_the_decision(waiting, aminah, rohani):
    aminah.refresh_from_db()
    assert aminah.phone == "+60123456789"
    assert waiting.takes_effect_at == AT + DAY
    assert (waiting.user, waiting.decided_by, waiting.decision_note) == (
        aminah,
        rohani,
        "MyKad asal",
    )
    assert AuditEvent.objects.get(action="account_case_cooling_off").by == rohani


def test_the_old_phone_and_mailbox_are_told_at_once(waiting, work, mailoutbox, gateway):
    work()
    ((mail),) = mailoutbox
    assert mail.to == ["aminah@contoh.com"]
    assert "/akaun/henti/pautan/" in mail.body
    ((to, text),) = gateway.texts
    assert to == "60123456789"
    assert "akan ditukar selepas 24 jam" in text


def test_only_after_a_day_the_new_mailbox_gets_a_link(waiting, work, mailoutbox, clock):
    assert release_cases(at=AT + DAY - timedelta(seconds=1)) == 0
    assert release_cases(at=AT + DAY) == 1
    assert release_cases(at=AT + DAY) == 0
    clock.shift(DAY)
    work()
    assert mailoutbox[-1].to == [NEW["email"]]
    assert "/akaun/pulih/pautan/" in mailoutbox[-1].body


@pytest.fixture
def released(waiting, work, mailoutbox, gateway, client, clock):
    """The day has passed; Aminah opened the link in her new mailbox."""
    clock.shift(DAY)
    release_cases(at=AT + DAY)
    work()
    assert lands(client.get(token_in(mailoutbox, "pulih")), "/akaun/pulih/", 303)
    return waiting


def test_link_and_code_put_the_new_ends_in_place(client, released, aminah, work, gateway):
    thief = Browser()
    thief.force_login(aminah)
    assert masked_phone(NEW["phone"]) in client.get("/akaun/pulih/").text
    assert lands(client.post("/akaun/pulih/"), "/akaun/pulih/otp/")
    digits = make_code(aminah, "new_phone", at=AT + DAY)
    assert lands(client.post("/akaun/pulih/otp/", {"code": digits}), "/lupa-kata-laluan/")
    aminah.refresh_from_db()
    released.refresh_from_db()
    assert (aminah.phone, aminah.email) == (NEW["phone"], NEW["email"])
    assert released.status == "done"
    assert thief.get("/saya/").status_code == 302
    assert AuditEvent.objects.filter(action="account_recovered").count() == 1


def test_the_code_goes_to_the_new_phone(client, released, work, gateway):
    OutboxRow.objects.all().delete()
    client.post("/akaun/pulih/")
    work()
    assert gateway.texts[-1][0] == "60198765432"


def test_a_wrong_code_leaves_link_and_case(client, released):
    client.post("/akaun/pulih/")
    assert errors(client.post("/akaun/pulih/otp/", {"code": "000000"}), "code")
    released.refresh_from_db()
    assert released.status == "cooling_off"
    assert client.get("/akaun/pulih/otp/").status_code == 200


def test_the_old_mailbox_can_undo_it_for_a_day_more(client, released, aminah, work, mailoutbox):
    client.post("/akaun/pulih/")
    client.post("/akaun/pulih/otp/", {"code": make_code(aminah, "new_phone", at=AT + DAY)})
    work()
    client.get(token_in(mailoutbox, "batal"))
    client.post("/akaun/batal/")
    aminah.refresh_from_db()
    assert aminah.phone == "+60123456789"


def test_the_owner_stops_it_by_the_link_in_the_old_mailbox(client, waiting, work, mailoutbox):
    work()
    assert lands(client.get(token_in(mailoutbox, "henti")), "/akaun/henti/", 303)
    assert client.get("/akaun/henti/").status_code == 200
    waiting.refresh_from_db()
    assert waiting.status == "cooling_off"  # a GET stops nothing
    assert lands(client.post("/akaun/henti/"), "/")
    waiting.refresh_from_db()
    assert waiting.status == "stopped"
    assert release_cases(at=AT + DAY) == 0


def test_the_owner_stops_it_from_the_profile(client, waiting, aminah):
    client.force_login(aminah)
    assert "Telefon dan e-mel akaun ini akan ditukar" in client.get("/profil/").text
    assert lands(client.post("/profil/henti/"), "/profil/")
    assert "akan ditukar" not in client.get("/profil/").text
    assert client.post("/profil/henti/").status_code == 404


def test_another_driver_stops_nothing(client, waiting):
    client.force_login(make_user("Chandran a/l Muthu"))
    assert client.post("/profil/henti/").status_code == 404


def test_a_stopped_case_opens_nothing_any_more(client, released, aminah):
    client.post("/akaun/pulih/")
    digits = make_code(aminah, "new_phone", at=AT + DAY)
    stop_case(case=released, at=AT + DAY)
    page = client.post("/akaun/pulih/otp/", {"code": digits}).text
    assert "Perubahan ini telah dihentikan atau dibatalkan" in page
    aminah.refresh_from_db()
    assert aminah.phone == "+60123456789"


def test_one_promise_at_a_time(waiting, rohani):
    with pytest.raises(CoolingOff):
        propose_contact(case=make_case(), **NEW, note="MyKad", by=rohani, at=AT)


@pytest.mark.parametrize(
    ("kind", "service", "more"),
    [("lost_contact", propose_contact, NEW), ("ic_number_taken", propose_closing, {})],
)
def test_without_an_account_there_is_nothing_to_settle(db, rohani, kind, service, more):
    case = make_case(kind)
    with pytest.raises(NoAccount):
        service(case=case, note="MyKad", by=rohani, at=AT, **more)
    case.refresh_from_db()
    assert case.status == "opened"


@pytest.mark.parametrize("path", ["/akaun/henti/", "/akaun/pulih/", "/akaun/pulih/otp/"])
def test_without_a_link_there_is_an_honest_page(client, db, path):
    assert "Kami tidak mengenali pautan ini." in client.get(path).text


# --- an IC number used by somebody else ----------------------------------------------------
@pytest.fixture
def squatter(db):
    """Somebody opened an account with Aminah's number and paid once."""
    squatter = make_user("Penyamar", ic_number=HERS)
    make_receipt(make_registration(squatter, "submitted", sector="taxi"))
    return squatter


@pytest.fixture
def proposed(squatter, rohani):
    return propose_closing(case=make_case("ic_number_taken"), note="MyKad", by=rohani, at=AT)


def close(case):
    return confirm_closing(case=case, note="MyKad", by=make_officer("Selvam"), at=AT)


@pytest.fixture
def closed(proposed):
    return close(proposed)


@pytest.mark.parametrize("decide", [confirm_closing, refuse_case])
def test_one_officer_alone_closes_nothing(client, proposed, squatter, rohani, decide):
    client.force_login(squatter)
    with pytest.raises(SameOfficer):
        decide(case=proposed, note="MyKad", by=rohani, at=AT)
    with pytest.raises(ForbiddenMove):
        close(make_case("ic_number_taken"))
    assert client.get("/saya/").status_code == 200
    assert AccountCase.objects.get(pk=proposed.pk).status == "proposed"


def test_the_database_wants_two_officers(proposed, rohani):
    proposed.confirmed_at, proposed.confirmed_by = AT, rohani
    with pytest.raises(IntegrityError, match="account_case_two_officers"):
        proposed.save()


def test_the_second_officer_may_refuse(client, proposed, squatter):
    refuse_case(case=proposed, note="Bukan orangnya", by=make_officer("Selvam"), at=AT)
    client.force_login(squatter)
    assert client.get("/saya/").status_code == 200
    assert AuditEvent.objects.filter(action="account_case_refused").count() == 1


def test_the_squatter_cannot_log_in_any_more(client, squatter, proposed):
    client.force_login(squatter)
    close(proposed)
    assert client.get("/saya/").status_code == 302
    client.post("/log-masuk/", {"ic_number": HERS})
    assert client.post("/log-masuk/kata-laluan/", {"password": PASSWORD}).status_code == 200


def test_the_rightful_holder_opens_her_own(closed):
    aminah = make_account(ic_number=HERS)
    assert User.objects.opened().with_ic_number(HERS).get() == aminah
    assert make_registration(aminah, "submitted", sector="taxi")


def test_no_row_goes_and_what_was_paid_stays(closed, squatter):
    squatter.refresh_from_db()
    assert (squatter.closed_at, squatter.ic_number) == (AT, HERS)
    assert squatter.receipts.count() == 1
    assert AuditEvent.objects.get(action="ic_number_freed").subject_id == str(squatter.pk)
    assert (closed.status, closed.user) == ("done", squatter)


def test_its_phrase_is_a_decoy_again(client, closed):
    client.post("/log-masuk/", {"ic_number": HERS})
    assert "durian hujan petang" not in client.get("/log-masuk/kata-laluan/").text


def test_whoever_held_it_is_told(closed, squatter, work, mailoutbox, gateway):
    OutboxRow.objects.exclude(kind__contains="account_closed").delete()
    work()
    assert [mail.subject for mail in mailoutbox] == ["Akaun anda telah ditutup"]
    assert "telah ditutup" in gateway.texts[-1][1]
