"""The database says no, whatever the program does: to a status, and to a change of history."""

from itertools import product

import pytest
from django.apps import apps
from django.db import IntegrityError, connection, transaction

from accounts.models import AccountCase, AccountCaseStatusChange
from foundation.audit import AuditEvent, AuditLink
from foundation.states import StatusChange
from foundation.triggers import Moves, Starts
from registration.models import Registration, SupportingDocument
from tests.by_hand import by_hand
from tests.factories import make_registration, make_user

LIFE_CYCLES = [model for model in apps.get_models() if hasattr(model, "TRANSITIONS")]
HISTORIES = [model for model in apps.get_models() if issubclass(model, StatusChange)]

# A document whose number is mended begins as a copy of the one before.
STARTS = {SupportingDocument: {"received", "quarantined", "ready"}}

pytestmark = pytest.mark.django_db


def sql(statement, *values):
    with connection.cursor() as cursor:
        cursor.execute(statement, values)
        return cursor.fetchone() if cursor.description else None


def refuses(statement, *values, match):
    with pytest.raises(IntegrityError, match=match), transaction.atomic():
        sql(statement, *values)
    return True


def bare(model):
    """The model's table without its constraints, so that its triggers alone say no."""
    table = model._meta.db_table
    names = (
        "SELECT string_agg(format('DROP CONSTRAINT %%I CASCADE', conname), ', ')"
        " FROM pg_constraint WHERE conrelid = %s::regclass AND contype NOT IN ('p', 't')"
        " AND NOT (contype = 'n' AND 'id' = (SELECT attname FROM pg_attribute"
        "          WHERE attrelid = conrelid AND attnum = conkey[1]))"
    )
    sql(f"ALTER TABLE {table} {sql(names, table)[0]}")
    return table


def row(table, status):
    """The key of a row that has a status and nothing else, however it came there."""
    with by_hand():
        return sql(f"INSERT INTO {table} (status) VALUES (%s) RETURNING id", status)[0]


@pytest.mark.parametrize("model", LIFE_CYCLES)
def test_every_move_goes_as_the_table_says(model, subtests):
    table = bare(model)
    move = f"UPDATE {table} SET status = %s WHERE id = %s"
    key = row(table, model._meta.get_field("status").default)
    for before, to in product(model.Status, repeat=2):
        with by_hand():
            sql(move, before, key)
        with subtests.test(before=before, to=to):
            if before == to or to in model.TRANSITIONS[before]:
                sql(move, to, key)
                assert sql(f"SELECT status FROM {table} WHERE id = %s", key) == (to,)
            else:
                assert refuses(move, to, key, match=f"{table} may not go from {before} to {to}")


@pytest.mark.parametrize("model", LIFE_CYCLES)
def test_a_row_begins_as_every_row_does(model, subtests):
    table = bare(model)
    begin = f"INSERT INTO {table} (status) VALUES (%s)"
    for status in model.Status:
        with subtests.test(status=status):
            if status in STARTS.get(model, {model._meta.get_field("status").default}):
                sql(begin, status)
            else:
                assert refuses(begin, status, match=f"{table} may not begin as {status}")


def test_every_life_cycle_is_held():
    """Eight today; a model that gets a table of transitions is held by it too."""
    assert len(LIFE_CYCLES) >= 8
    for model in LIFE_CYCLES:
        kinds = {type(trigger) for trigger in model._meta.triggers}
        assert {Starts, Moves} <= kinds, model


@pytest.mark.parametrize("history", [*HISTORIES, AuditEvent, AuditLink])
def test_history_is_written_once(history):
    table = bare(history)
    with by_hand():
        sql(f"INSERT INTO {table} DEFAULT VALUES")
    assert refuses(f"UPDATE {table} SET id = id", match=f"{table} is append-only: UPDATE refused")
    sql(f"ALTER TABLE {table} ENABLE TRIGGER USER")  # tests/conftest.py must empty tables
    assert refuses(f"TRUNCATE {table} CASCADE", match=f"{table} is append-only: TRUNCATE refused")


@pytest.mark.parametrize("history", HISTORIES)
def test_history_goes_with_its_row_at_most(history):
    """That of a draft that was never sent does, and of a file that never counted."""
    (about,) = [field for field in history._meta.fields if field.name not in NOT_ABOUT]
    table, parent = bare(history), bare(about.related_model)
    with by_hand():
        sql(f"INSERT INTO {parent} DEFAULT VALUES")
        sql(f"INSERT INTO {table} ({about.column}) SELECT id FROM {parent}")
    delete = f"DELETE FROM {table}"
    refused = f"{table} is append-only: DELETE refused"
    with transaction.atomic():
        sql("SET CONSTRAINTS ALL IMMEDIATE")  # as at commit
        assert refuses(delete, match=refused)
    sql("SET CONSTRAINTS ALL DEFERRED")


NOT_ABOUT = {"id", "from_status", "to_status", "by", "at", "note"}


def test_a_draft_that_was_never_sent_goes_with_its_history(at):
    draft = make_registration(make_user("Boon"))
    draft.status_changes.create(from_status="submitted", to_status="draft", at=at)
    draft.delete()
    sql("SET CONSTRAINTS ALL IMMEDIATE")
    assert not Registration.objects.exists()


def test_no_session_variable_lets_it_pass():
    """django-pgtrigger's own triggers ask `pgtrigger.ignore`, which anyone may set."""
    names = "SELECT string_agg(tgname, ',') FROM pg_trigger WHERE tgname LIKE 'pgtrigger%%'"
    sql("SELECT set_config('pgtrigger.ignore', %s, true)", f"{{{sql(names)[0]}}}")
    case = row(bare(AccountCase), "done")
    assert refuses("UPDATE accounts_accountcase SET status = 'opened'", match="may not go")
    history = bare(AccountCaseStatusChange)
    with by_hand():
        sql(f"INSERT INTO {history} (account_case_id) VALUES (%s)", case)
    assert refuses(f"DELETE FROM {history}", match="append-only")
