"""What the driver may do next, as a table of cases, and that each answer has its button."""

from itertools import product

import pytest
from django.template.loader import get_template

from registration.documents import Step
from registration.next_action import Action, Facts, Owed, next_action
from registration.stage import Stage


@pytest.mark.parametrize(
    ("stage", "step", "action"),
    [
        # What is missing comes first while the driver may edit.
        *((stage, "particulars", "particulars") for stage in ("draft", "unpaid", "returned")),
        *((stage, "document", "document") for stage in ("draft", "returned", "approved")),
        *((stage, "stop", "stop") for stage in ("draft", "unsent", "changed")),
        # Complete for the first time: a plan; later: renewal.
        *((stage, "plan", "choose_plan") for stage in ("draft", "unpaid", "allowed")),
        *((stage, "plan", "renew") for stage in ("approved", "changed", "under_review")),
        # What is paid for is only sent again.
        *((stage, "plan", "send_again") for stage in ("unsent", "returned")),
        *((stage, "ask_officer", "ask_officer") for stage in ("draft", "unsent", "returned")),
        # An officer's turn, or an end.
        *(("referred", step, "waits_for_officer") for step in Step),
        *(("rejected", step, "register") for step in Step),
        ("under_review", "document", "waits_for_officer"),
        ("under_review", "ask_officer", "waits_for_officer"),
    ],
)
def test_the_next_action_of_a_registration(stage, step, action):
    assert next_action(Facts(Stage(stage), Step(step))) == action


@pytest.mark.parametrize("step", [Step.PLAN, Step.ASK_OFFICER])
def test_what_was_returned_is_changed_before_it_is_sent_again(step):
    facts = Facts(Stage.RETURNED, step, is_answered=False)
    assert next_action(facts) == Action.CHANGE_FIRST


@pytest.mark.parametrize(
    ("stage", "owed", "is_bought_ahead", "action"),
    [
        ("draft", "nothing", False, "fill_in"),
        ("returned", "open", False, "correct"),
        ("unsent", "nothing", True, "correct"),
        ("unpaid", "nothing", False, "choose_plan"),
        ("unpaid", "open", False, "pay"),
        ("allowed", "held", False, "see_payment"),
        ("under_review", "nothing", False, "renew"),
        ("under_review", "nothing", True, "waits_to_renew"),
        ("approved", "open", True, "waits_to_renew"),
        ("approved", "open", False, "pay"),
        ("changed", "nothing", False, "renew"),
        ("referred", "open", False, "waits_for_officer"),
        ("rejected", "held", False, "register"),
    ],
)
def test_the_dashboard_asks_without_the_documents(stage, owed, is_bought_ahead, action):
    facts = Facts(Stage(stage), owed=Owed(owed), is_bought_ahead=is_bought_ahead)
    assert next_action(facts) == action


@pytest.mark.parametrize(("stage", "step"), [*product(Stage, Step)])
def test_every_answer_has_its_button_on_the_overview(stage, step):
    for is_answered in (False, True):
        action = next_action(Facts(stage, step, is_answered))
        get_template(f"registration/actions/{action}.html")


@pytest.mark.parametrize(("stage", "owed"), [*product(Stage, Owed)])
def test_every_answer_has_its_button_on_the_dashboard(stage, owed):
    for is_bought_ahead in (False, True):
        action = next_action(Facts(stage, owed=owed, is_bought_ahead=is_bought_ahead))
        get_template(f"perkeso/actions/{action}.html")


def test_every_action_is_the_answer_to_something():
    pages = {next_action(Facts(*facts)) for facts in product(Stage, Step, [False, True])}
    lists = {
        next_action(Facts(stage, owed=owed, is_bought_ahead=is_bought_ahead))
        for stage, owed, is_bought_ahead in product(Stage, Owed, [False, True])
    }
    assert pages | lists == set(Action)
