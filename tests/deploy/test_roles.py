"""What the portal's database role may do, and what it may not though it were taken over."""

import os
import subprocess
import sys
from contextlib import contextmanager
from urllib.parse import parse_qs, urlsplit

import psycopg
import pytest
from psycopg import errors, sql

from development.variables import ROOT

pytestmark = [pytest.mark.proof, pytest.mark.enable_socket]

NAME = "perkeso_roles"


def place(user):
    """Where our own server is, for psycopg and for Django."""
    [socket] = parse_qs(urlsplit(os.environ["DATABASE_URL"]).query)["host"]
    return {"host": socket, "user": user, "dbname": NAME}


@contextmanager
def connected(user, **other):
    with psycopg.connect(**place(user) | other, autocommit=True) as line:
        yield line


def manage(user, *words):
    url = f"postgres://{user}@/{NAME}?host={place(user)['host']}"
    command = [sys.executable, "manage.py", *words]
    subprocess.run(command, cwd=ROOT, env=os.environ | {"DATABASE_URL": url}, check=True)


@pytest.fixture(scope="module")
def migrated():
    """An empty database of our server's, made as the production container makes it."""
    with connected("perkeso", dbname="postgres") as server:
        server.execute(sql.SQL("DROP DATABASE IF EXISTS {}").format(sql.Identifier(NAME)))
        server.execute(sql.SQL("CREATE DATABASE {}").format(sql.Identifier(NAME)))
    with connected("perkeso") as superuser:
        superuser.execute((ROOT / "deploy/database/roles.sql").read_text())
    for words in (["migrate", "-v0"], ["load_plans"], ["load_document_rules"], ["load_groups"]):
        manage("perkeso_owner", *words)
    yield
    with connected("perkeso", dbname="postgres") as server:
        server.execute(sql.SQL("DROP DATABASE {} (FORCE)").format(sql.Identifier(NAME)))
        for role in ("perkeso_owner", "perkeso_portal"):
            server.execute(sql.SQL("DROP ROLE {}").format(sql.Identifier(role)))


@pytest.mark.parametrize(
    "statement",
    [
        "CREATE TABLE loot (id int)",
        "DROP TABLE foundation_auditevent",
        "TRUNCATE foundation_auditevent",
        "ALTER TABLE foundation_auditevent DISABLE TRIGGER ALL",
        "ALTER TABLE payments_payment ADD COLUMN loot int",
        "SET session_replication_role = replica",
        "CREATE FUNCTION loot() RETURNS int LANGUAGE sql AS 'SELECT 1'",
        "ALTER ROLE perkeso_portal SUPERUSER",
        "COPY accounts_user TO PROGRAM 'cat'",
    ],
)
def test_the_portal_changes_no_table_and_no_trigger(migrated, statement):
    with connected("perkeso_portal") as portal, pytest.raises(errors.InsufficientPrivilege):
        portal.execute(statement)


def test_the_portal_reads_and_writes_every_table(migrated):
    with connected("perkeso_portal") as portal:
        missing = portal.execute("""
            SELECT relname, act
            FROM pg_class, unnest(ARRAY['SELECT', 'INSERT', 'UPDATE', 'DELETE']) AS act
            WHERE relnamespace = 'public'::regnamespace AND relkind = 'r'
            AND NOT has_table_privilege(pg_class.oid, act)
        """).fetchall()
        tables = portal.execute("SELECT count(*) FROM accounts_user").fetchone()
    assert (missing, tables) == ([], (0,))


def test_what_the_clock_does_needs_no_more(migrated):
    manage("perkeso_portal", "check_invariants")
    manage("perkeso_portal", "verify_audit")


def test_nothing_runs_or_waits_for_ever(migrated):
    with connected("perkeso_portal") as portal:
        for limit in ("statement_timeout", "lock_timeout", "idle_in_transaction_session_timeout"):
            assert portal.execute(f"SHOW {limit}").fetchone() != ("0",)
