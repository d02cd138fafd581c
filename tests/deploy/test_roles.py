"""What the portal's database role may do, and what it may not though it were taken over."""

import os
import subprocess
import sys
from contextlib import contextmanager

import psycopg
import pytest
from psycopg import errors

from development.servers import running_servers
from development.variables import ROOT

pytestmark = [pytest.mark.proof, pytest.mark.enable_socket]


@contextmanager
def connected(url):
    with psycopg.connect(url, autocommit=True) as line:
        yield line


def manage(url, *words):
    command = [sys.executable, "manage.py", *words]
    subprocess.run(command, cwd=ROOT, env=os.environ | {"DATABASE_URL": url}, check=True)


@pytest.fixture(scope="module")
def portal(tmp_path_factory):
    """The portal's address of a database that was made as the production container makes it."""
    folder = tmp_path_factory.mktemp("roles")
    other = {"REDIS_URL": os.environ["REDIS_URL"]}
    with running_servers(folder, durable=False, environment=other) as urls:
        superuser = urls["DATABASE_URL"]
        with connected(superuser) as server:
            server.execute((ROOT / "deploy/database/roles.sql").read_text())
        owner = superuser.replace("//perkeso@", "//perkeso_owner@")
        for words in (["migrate", "-v0"], ["load_plans"], ["load_document_rules"], ["load_groups"]):
            manage(owner, *words)
        yield superuser.replace("//perkeso@", "//perkeso_portal@")


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
def test_the_portal_changes_no_table_and_no_trigger(portal, statement):
    with connected(portal) as line, pytest.raises(errors.InsufficientPrivilege):
        line.execute(statement)


def test_the_portal_reads_and_writes_every_table(portal):
    with connected(portal) as line:
        missing = line.execute("""
            SELECT relname, act
            FROM pg_class, unnest(ARRAY['SELECT', 'INSERT', 'UPDATE', 'DELETE']) AS act
            WHERE relnamespace = 'public'::regnamespace AND relkind = 'r'
            AND NOT has_table_privilege(pg_class.oid, act)
        """).fetchall()
        tables = line.execute("SELECT count(*) FROM accounts_user").fetchone()
    assert (missing, tables) == ([], (0,))


def test_what_the_clock_does_needs_no_more(portal):
    manage(portal, "check_invariants")
    manage(portal, "verify_audit")


def test_nothing_runs_or_waits_for_ever(portal):
    with connected(portal) as line:
        for limit in ("statement_timeout", "lock_timeout", "idle_in_transaction_session_timeout"):
            assert line.execute(f"SHOW {limit}").fetchone() != ("0",)
