"""A suite that stays green without its guards proves nothing: each guard is taken away once.

A copy of the portal is changed in one place, and the tests that should notice are run on it.
"""

import os
import re
import shutil
import subprocess
import sys
from dataclasses import dataclass
from pathlib import Path
from urllib.parse import urlsplit

import pytest

ROOT = Path(__file__).parents[2]
CODE = [
    *(
        "perkeso",
        "staff",
        "foundation",
        "accounts",
        "registration",
        "contributions",
        "receipts",
        "payments",
        "sandbox",
    ),
    *("development", "templates", "static", "tests"),
    *("pyproject.toml", "manage.py"),
]
CAPTURED = {"capture_output": True, "text": True, "stdin": subprocess.DEVNULL, "timeout": 300}
pytestmark = pytest.mark.proof


@dataclass(frozen=True)
class Mutant:
    """One place changed, and the tests that must notice."""

    file: str
    before: str
    after: str
    tests: str


OUTCOME = "payments/services/outcome.py"
MUTANTS = {
    "no lock on the payment": Mutant(
        "payments/services/messages.py",
        "Payment.objects.select_for_update(no_key=True).filter(",
        "Payment.objects.filter(",
        "tests/payments/test_crediting_at_once.py",
    ),
    "no lock on a case's payment": Mutant(
        "payments/services/cases.py",
        "    if case.payment_id is not None:\n",
        "    if case.pk is None and case.payment_id is not None:\n",
        "tests/payments/test_crediting_at_once.py",
    ),
    "no lock on person, registration and what is paid": Mutant(
        "payments/services/attempts.py",
        "    persons.lock_person_of(User.objects.filter(registrations__contributions=pk))\n"
        '    return rows.select_for_update(no_key=True, of=("registration", "self")).get(pk=pk)\n',
        "    return rows.get(pk=pk)\n",
        "tests/payments/test_crediting_at_once.py",
    ),
    "no unique transaction": Mutant(
        "payments/migrations/0001_initial.py",
        "fields=('fpx_transaction_id',)",
        "fields=('fpx_transaction_id', 'reference')",
        "tests/payments/test_crediting_at_once.py",
    ),
    "no check of the signature": Mutant(
        "payments/fpx/reading.py",
        "    if certificate is None:\n",
        "    if certificate is None and not fields:\n",
        "tests/payments/test_record_message.py",
    ),
    "no comparison with the request": Mutant(
        "payments/fpx/reading.py",
        "return names + self._malformed()",
        "return self._malformed()",
        "tests/payments/test_record_message.py",
    ),
    "a success that is told again is credited again": Mutant(
        OUTCOME,
        "if payment.status != Status.SUCCEEDED:\n        crediting.credit(",
        "if payment:\n        crediting.credit(",
        "tests/payments/test_record_outcome.py",
    ),
}


@pytest.fixture(scope="module")
def copy(tmp_path_factory):
    """The portal's code in a folder of its own."""
    folder = tmp_path_factory.mktemp("mutant")
    for name in CODE:
        source = ROOT / name
        if source.is_dir():
            ignored = shutil.ignore_patterns("__pycache__", "journeys")
            shutil.copytree(source, folder / name, ignore=ignored)
        else:
            shutil.copy(source, folder / name)
    return folder


def run(copy, tests, *, has_own_tables=False):
    """Runs the tests on the servers of this run, in a database that these runs share.

    What is changed in a migration has tables of its own.
    """
    path = f"/{'tables' if has_own_tables else 'mutant'}{os.environ.get('PYTEST_XDIST_WORKER', '')}"
    url = urlsplit(os.environ["DATABASE_URL"])._replace(path=path).geturl()
    environment = os.environ | {"DATABASE_URL": url, "PYTHONDONTWRITEBYTECODE": "1"}
    for name in [name for name in environment if name.startswith(("PYTEST", "COV"))]:
        del environment[name]
    command = [sys.executable, "-m", "pytest", "-q", "-x", "-p", "no:cacheprovider", "--reuse-db"]
    return subprocess.run([*command, tests], cwd=copy, env=environment, **CAPTURED)


@pytest.mark.parametrize("name", [None, *MUTANTS])
def test_a_mutant_is_noticed(copy, name):
    """Without a change the copy's tests pass, so that it is the change that they notice."""
    if name is None:
        done = run(copy, "tests/payments/test_crediting_at_once.py")
        assert done.returncode == 0, done.stdout
        return
    mutant = MUTANTS[name]
    file = copy / mutant.file
    source = file.read_text()
    assert source.count(mutant.before) == 1
    file.write_text(source.replace(mutant.before, mutant.after))
    try:
        done = run(copy, mutant.tests, has_own_tables="migrations" in mutant.file)
    finally:
        file.write_text(source)
    assert done.returncode == 1, done.stdout  # 1: tests failed; more: they could not be run
    assert re.search(r"\d+ failed", done.stdout), done.stdout
