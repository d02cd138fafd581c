"""The audit trail: nobody changes it, and whoever could is found."""

import re
from concurrent.futures import ThreadPoolExecutor
from datetime import timedelta
from io import StringIO

import pytest
from django.core.management import CommandError, call_command
from django.db import DatabaseError, connection, transaction

from foundation import audit, origin
from foundation.alarms import alarm_about_trail
from foundation.models import Alarm, AuditEvent, AuditLink
from tests.by_hand import by_hand
from tests.factories import make_officer, make_user
from tests.staff.desk import seated


def commit():
    """Brings the end of the transaction, which a test never reaches."""
    with connection.cursor() as cursor:
        cursor.execute("SET CONSTRAINTS ALL IMMEDIATE")
        cursor.execute("SET CONSTRAINTS ALL DEFERRED")


def tamper(statement):
    """What somebody with the powers of the database's owner could do."""
    with by_hand(), connection.cursor() as cursor:
        cursor.execute(statement)


@pytest.fixture
def trail(db, at, files):
    """Three acts on Aminah's account, the last one's detail full of signs."""
    aminah, rohani = make_user(), make_officer()
    sent_from = origin.current.set(origin.Origin("10.1.2.0/24", "0123456789abcdef"))
    audit.record("account_opened", subject=aminah, by=aminah, at=at)
    origin.current.reset(sent_from)
    audit.record("open_document", subject=aminah, by=rohani, at=at + timedelta(microseconds=1))
    signs = {"b": 'Baris\n"dua" \\ é', "aa": [1, 2.50, None], "a": {"z": True}}
    audit.record("change_plan_rate", subject=aminah, at=at, **signs)
    commit()
    return list(AuditEvent.objects.order_by("pk"))


@pytest.mark.parametrize(
    "statement",
    [
        "UPDATE foundation_auditevent SET action = 'x'",
        "DELETE FROM foundation_auditevent",
        "TRUNCATE foundation_auditevent, foundation_auditlink",
        "UPDATE foundation_auditlink SET hash = ''",
        "DELETE FROM foundation_auditlink",
        "TRUNCATE foundation_auditlink",
    ],
)
def test_the_database_refuses_to_change_it(trail, statement):
    with connection.cursor() as cursor:
        for table in ["event", "link"]:  # as in production; tests/conftest.py must empty tables
            cursor.execute(f"ALTER TABLE foundation_audit{table} ENABLE TRIGGER USER")
    with pytest.raises(DatabaseError, match="append-only"), transaction.atomic():
        connection.cursor().execute(statement)


def test_each_event_follows_the_one_before(trail):
    links = list(AuditLink.objects.all())
    assert [link.event for link in links] == trail
    assert links[0].prev_hash == "0" * 64
    assert [link.prev_hash for link in links[1:]] == [link.hash for link in links[:-1]]
    assert audit.verify() == audit.Witness(3, links[-1].hash)


def test_an_empty_trail_is_whole(db):
    assert audit.verify() == audit.Witness(0, "0" * 64)


@pytest.mark.parametrize(
    "change",
    [
        "at = at + interval '1 microsecond'",
        "action = 'account_openee'",
        "by_id = NULL",
        "subject_type = 'accounts.usfr'",
        "subject_id = subject_id || '0'",
        "at = 'infinity'",
        "at = '20000-01-01'",
        "at = '0044-03-15 BC'",
        "detail = '{\"b\": 1}'",
        "role = 'drover'",
        "network = '10.1.3.0/24'",
        "request_id = ''",
    ],
)
def test_one_changed_byte_is_found(trail, change):
    tamper(f"UPDATE foundation_auditevent SET {change} WHERE id = {trail[0].pk}")
    with pytest.raises(audit.BrokenChain, match=f"event {trail[0].pk}, "):
        audit.verify()


@pytest.mark.parametrize(
    "names",
    [
        ("action", "subject_type"),
        ("subject_type", "subject_id"),
        ("subject_id", "role"),
        ("role", "network"),
        ("network", "request_id"),
    ],
)
def test_two_neighbours_are_told_apart_wherever_the_cut_is(trail, names):
    event, letters, forms = trail[0], "a\nb 1:c", set()
    for cut in range(len(letters) + 1):
        setattr(event, names[0], letters[:cut])
        setattr(event, names[1], letters[cut:])
        forms.add(audit.canonical_form(event, "{}", "0" * 64))
    assert len(forms) == len(letters) + 1


def test_text_that_was_moved_in_the_database_is_found(trail):
    tamper(
        "UPDATE foundation_auditevent SET network = '',"
        " role = role || E'\\nnetwork ' || network WHERE network <> ''"
    )
    with pytest.raises(audit.BrokenChain, match=f"event {trail[0].pk}, "):
        audit.verify()


def test_it_says_as_what_somebody_acted_and_from_where(client, db, at):
    """The office's proxy is the last hop, and its network is enough."""
    aminah, rohani = make_user(), seated(client, make_officer(group="support"))
    client.post("/staf/carian/", {"q": "VAB 1234"}, REMOTE_ADDR="203.0.113.77")
    searched = AuditEvent.objects.get(action="searched")
    assert (searched.by, searched.role) == (rohani, "support")
    assert searched.network == "203.0.113.0/24"
    assert re.fullmatch("[0-9a-f]{16}", searched.request_id)
    client.post("/staf/carian/", {"q": "VAB 1234"})
    assert AuditEvent.objects.latest("pk").request_id != searched.request_id
    assert audit.record("by_herself", subject=aminah, by=aminah, at=at).role == "driver"
    assert audit.record("by_the_clock", subject=aminah, at=at).network == ""


@pytest.mark.parametrize("number", [0, 1])
def test_an_event_taken_out_is_found(trail, number):
    tamper(f"DELETE FROM foundation_auditlink WHERE event_id = {trail[number].pk}")
    tamper(f"DELETE FROM foundation_auditevent WHERE id = {trail[number].pk}")
    with pytest.raises(audit.BrokenChain, match=f"event {trail[number + 1].pk}, "):
        audit.verify()


def test_an_event_slipped_in_without_a_link_is_found(trail):
    tamper(
        "INSERT INTO foundation_auditevent (at, action, subject_type, subject_id, detail)"
        " VALUES (now(), 'forged', 'accounts.user', '1', '{}')"
    )
    with pytest.raises(audit.BrokenChain, match="has no link"):
        audit.verify()


def test_the_command_prints_the_head_or_fails(trail):
    out = StringIO()
    call_command("verify_audit", stdout=out)
    assert out.getvalue() == f"3 events, head {AuditLink.objects.last().hash}\n"
    tamper(f"UPDATE foundation_auditevent SET action = 'x' WHERE id = {trail[1].pk}")
    with pytest.raises(CommandError, match=f"event {trail[1].pk}"):
        call_command("verify_audit", stdout=out)


def test_the_clock_raises_an_alarm(trail, at):
    alarm_about_trail(at=at)
    assert not Alarm.objects.exists()
    tamper(f"UPDATE foundation_auditevent SET action = 'x' WHERE id = {trail[2].pk}")
    alarm_about_trail(at=at)
    alarm = Alarm.objects.get()
    assert alarm.kind == "audit_trail_broken"
    assert f"event {trail[2].pk}" in alarm.detail


@pytest.mark.django_db(transaction=True)
def test_acts_at_the_same_moment_make_one_chain(at):
    aminah = make_user()

    def act(number):
        try:
            with transaction.atomic():
                audit.record("first", subject=aminah, at=at, number=number)
                audit.record("second", subject=aminah, at=at, number=number)
        finally:
            connection.close()

    with ThreadPoolExecutor(4) as threads:
        list(threads.map(act, range(12)))
    assert audit.verify().number == 24


# --- the end cut off -----------------------------------------------------------------------
def cut(trail, number=1):
    """Takes the last events away with their links: what is left is whole in itself."""
    for event in trail[-number:]:
        tamper(f"DELETE FROM foundation_auditlink WHERE event_id = {event.pk}")
        tamper(f"DELETE FROM foundation_auditevent WHERE id = {event.pk}")


@pytest.fixture
def files(settings, tmp_path):
    """A storage of files of one's own."""
    options = {"location": tmp_path}
    backend = "django.core.files.storage.FileSystemStorage"
    settings.STORAGES = settings.STORAGES | {"default": {"BACKEND": backend, "OPTIONS": options}}
    return tmp_path / "audit"


def test_a_cut_end_is_seen_by_the_witness_only(trail):
    witness = audit.verify()
    cut(trail)
    assert audit.verify().number == 2
    with pytest.raises(audit.BrokenChain, match="3 events were witnessed, 2 are left"):
        audit.verify(witness)


def test_an_end_written_anew_is_seen_too(trail, at):
    witness = audit.verify()
    cut(trail)
    audit.record("harmless", subject=make_user("Boon"), at=at)
    commit()
    with pytest.raises(audit.BrokenChain, match="another event in place 3"):
        audit.verify(witness)


def test_what_came_after_the_witness_is_no_fault(trail, at):
    witness = audit.verify()
    audit.record("later", subject=make_user("Boon"), at=at)
    commit()
    assert audit.verify(witness).number == 4


def test_each_night_leaves_a_file_and_a_mail(trail, at, files, settings, mailoutbox):
    settings.OPERATORS = ["operator@contoh.gov.my"]
    alarm_about_trail(at=at)
    witness = audit.verify()
    assert [file.read_text() for file in files.iterdir()] == [f"{witness}\n"]
    assert f"verify_audit --witness {witness}" in mailoutbox[0].body
    assert audit.last_witness() == witness


def test_the_next_night_alarms_about_a_cut_end(trail, at, files):
    alarm_about_trail(at=at)
    cut(trail, 2)
    alarm_about_trail(at=at + timedelta(days=1))
    assert "3 events were witnessed" in Alarm.objects.get(kind="audit_trail_broken").detail
    assert len(list(files.iterdir())) == 1


def test_a_spoilt_witness_is_an_alarm(trail, at, files):
    alarm_about_trail(at=at)
    next(files.iterdir()).write_text("x")
    alarm_about_trail(at=at + timedelta(days=1))
    assert Alarm.objects.filter(kind="audit_trail_broken").exists()


def test_before_the_first_night_there_is_no_witness(files):
    assert audit.last_witness() is None


def test_the_command_takes_a_witness(trail):
    out, witness = StringIO(), audit.verify()
    call_command("verify_audit", witness=str(witness), stdout=out)
    cut(trail)
    with pytest.raises(CommandError, match="3 events were witnessed"):
        call_command("verify_audit", witness=str(witness), stdout=out)
    with pytest.raises(CommandError, match="number:hash"):
        call_command("verify_audit", witness="3", stdout=out)
