"""Whatever comes, in whatever order: after every step the invariants hold.

`MONEY_RUNS` sets how many games the proof plays.
"""

import logging
import os

import psycopg
import pytest
from django.db import connection
from hypothesis import HealthCheck, Phase, settings
from hypothesis.stateful import run_state_machine_as_test as play

from foundation import outbox
from payments.services import invariants
from tests.factories import make_banks, make_officer, make_registration, make_user
from tests.payments.game import REACHED, WORLD, Money

STEPS = (3, 8)  # many short games, many long ones
ROUNDS = 80  # of few games each: what is rolled back slows a transaction down


@pytest.fixture
def world(db, monkeypatch):
    """Two drivers who may pay; drawing and telling are stubs, which may still fail."""
    WORLD.bank = make_banks()
    WORLD.registrations = [make_registration(make_user(name)) for name in ("Aminah", "Boon")]
    WORLD.officers = [make_officer("Puan Rohani"), make_officer("Encik Daud")]
    WORLD.patch = monkeypatch
    monkeypatch.setattr("receipts.pdf.write", lambda receipt: b"%PDF")
    monkeypatch.setattr("accounts.sms.send_template", lambda *words, **facts: None)
    monkeypatch.setattr(outbox.deliver, "apply_async", lambda args, queue: None)
    monkeypatch.setattr(invariants, "_broken_rules", planned_once)
    REACHED.clear()
    logging.disable()  # alarms, which nobody reads here
    yield
    logging.disable(logging.NOTSET)


def planned_once(**moments):
    """As the portal asks, by a statement that the database plans once: planning takes longest."""
    with psycopg.Cursor(connection.connection) as cursor:
        asked = cursor.execute(invariants.ALL_RULES, moments, prepare=True)
        return [invariants.Finding(rule, name) for rule, name in asked]


def run(games, steps):
    play(
        Money,
        settings=settings(
            max_examples=games,
            stateful_step_count=steps,
            deadline=None,
            database=None,
            phases=[Phase.generate],  # a game that fails is short enough to read
            suppress_health_check=list(HealthCheck),
        ),
    )


# One game that a person has thought of: every rule is played, and comes to what it is about.
SCRIPT = [
    ("begin", {"opening": "given up", "months": 1}),
    ("late_success", {"which": 0, "channel": "return"}),
    ("create", {"driver": 1, "months": 12}),
    ("tamper", {"which": 1, "channel": "callback", "lie": {"txnAmount": "13.09"}}),
    ("decide", {"which": 1, "code": "09"}),
    ("callback", {}),
    ("begin_another", {"which": 1}),
    ("decide", {"which": 1, "code": "51"}),
    ("decide", {"which": 1, "code": "00"}),
    ("reorder", {"seed": 1, "channel": "callback"}),
    ("duplicate", {"which": 1, "channel": "return", "copies": 3}),
    ("decide", {"which": 2, "code": "00"}),
    ("bank_return", {}),
    ("request_refund", {"which": 0, "is_part": True}),
    ("approve_refund", {"which": 0}),
    ("send_refund", {"which": 0}),
    ("end_refund", {"which": 0, "is_done": False}),
    ("send_refund", {"which": 0}),
    ("restart_worker", {"has_acted": True}),
    ("end_refund", {"which": 0, "is_done": True}),
    ("request_refund", {"which": 0, "is_part": False}),
    ("refuse_refund", {"which": 0}),
    ("step_forward", {"by": 60 * 24 * 370}),
    ("step_back", {"by": 1}),
    ("create", {"driver": 1, "months": 1}),
    ("second_success", {"which": 3}),
    ("kill_the_judge", {}),
    ("callback", {}),
    ("step_forward", {"by": 1}),
    ("sweep", {"beats": 2}),
    ("enquire", {"which": 3, "is_down": False}),
    ("choose", {"which": 0, "is_refund": True}),
    ("choose", {"which": 0, "is_refund": False}),
    ("credit_oddly", {"which": 0}),
    ("create", {"driver": 0, "months": 1}),
    ("credit_oddly", {"which": 5}),
    ("callback", {}),
    ("request_refund", {"which": 0, "is_part": True}),
    ("create", {"driver": 0, "months": 1}),
    ("decide", {"which": 6, "code": "99"}),
    ("bank_return", {}),
    ("step_forward", {"by": 60 * 73}),
    ("stop_waiting", {"which": 0}),
    ("reject", {"driver": 0}),
    ("create", {"driver": 0, "months": 1}),
]
GOALS = {
    "rejected": 1,
    "waited for no more": 1,
    "late success": 1,
    "reordered": 1,
    "refund failed": 1,
    "refund done": 1,
    "refund refused": 1,
    "next period": 1,
}


def test_every_rule_can_be_played(world):
    game = Money()
    try:
        for name, choices in SCRIPT:
            getattr(game, name)(**choices)
            for check in game.invariants:
                check.function(game)
    finally:
        game.teardown()
    assert +REACHED == GOALS
    rules = {rule.function.__name__ for rule in game.rules}
    assert {name for name, _ in SCRIPT} == {"begin"} | rules


@pytest.mark.parametrize("part", range(5))
def test_two_hundred_games(world, part):
    run(games=40, steps=8)


@pytest.mark.proof
@pytest.mark.parametrize("part", range(ROUNDS))
def test_many_games(world, part):
    run(games=int(os.environ.get("MONEY_RUNS", "2000")) // ROUNDS, steps=STEPS[part % 2])
