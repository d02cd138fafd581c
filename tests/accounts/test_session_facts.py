"""What a session holds: each fact comes back as it was put, and has its key in one place alone."""

import json
import re
from pathlib import Path
from uuid import UUID

import pytest

from accounts.http.session import Fact, Facts, HalfWay, KeptReset, Proof, ProofFor
from tests.factories import AT

ROOT = Path(__file__).parents[2]
ATTEMPT = UUID("0f6b7c1e-8f2e-4a55-9a5e-3c1f0c2d4e5f")
PUT = {
    "again": "apa yang ditaip",
    "sign_up": ATTEMPT,
    "link": 7,
    "case": "K-7",
    "log_in_ic": "850101145523",
    "log_in_attempt": ATTEMPT,
    "half_way": HalfWay(7, "hash"),
    "forgotten_ic": "850101145523",
    "reset": KeptReset(str(ATTEMPT), None, "counted", is_confirmed=True),
    "next": "/resit/",
    "unsent": "jalan melati",
    "log_in": 7,
    "signed_in_at": AT,
    "touched_at": AT,
    "mode": "self_employed",
    "totp_at": AT,
    "waiting_act": True,
    "proof": Proof(AT.timestamp(), str(ATTEMPT)),
    "proof_for": ProofFor("/profil/telefon/", with_code=True),
    "new_phone": ATTEMPT,
}
NAMES = [name for name, fact in vars(Facts).items() if isinstance(fact, Fact)]
SEALED = ["again", "log_in_ic", "forgotten_ic", "unsent"]


@pytest.mark.parametrize("name", NAMES)
def test_a_fact_comes_back_and_goes(name):
    session = {}
    facts = Facts(session)
    assert getattr(facts, name) is None
    setattr(facts, name, PUT[name])
    assert getattr(Facts(json.loads(json.dumps(session))), name) == PUT[name]
    setattr(facts, name, None)
    assert session == {}


@pytest.mark.parametrize("name", SEALED)
def test_what_was_typed_is_sealed(name):
    session = {}
    setattr(Facts(session), name, PUT[name])
    assert PUT[name] not in str(session)


def test_no_two_facts_share_a_key():
    session = {}
    for name in NAMES:
        setattr(Facts(session), name, PUT[name])
    assert len(session) == len(NAMES)


def test_nobody_else_knows_a_key():
    raw = re.compile(r"\.session(\[|\.(get|pop|setdefault)\()")
    apps = ["foundation", "accounts", "registration", "contributions", "receipts", "payments"]
    modules = [path for app in [*apps, "staff", "perkeso"] for path in (ROOT / app).rglob("*.py")]
    found = [str(path) for path in modules if raw.search(path.read_text())]
    assert found == [str(ROOT / "accounts/http/session.py")]
