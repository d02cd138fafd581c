"""What the driver may do next with a registration: the one place that answers it.

Pages and templates show the answer, each in its own words; none looks at a status for itself.
"""

from dataclasses import dataclass
from enum import StrEnum

from registration.documents import Step
from registration.stage import PAID_TO_SEND, Stage


class Action(StrEnum):
    """What there is to do; `waits` in a name means that there is nothing."""

    REGISTER = "register"
    FILL_IN = "fill_in"
    PARTICULARS = "particulars"
    DOCUMENT = "document"
    STOP = "stop"
    ASK_OFFICER = "ask_officer"
    WAITS_FOR_OFFICER = "waits_for_officer"
    CORRECT = "correct"
    CHANGE_FIRST = "change_first"
    SEND_AGAIN = "send_again"
    CHOOSE_PLAN = "choose_plan"
    PAY = "pay"
    SEE_PAYMENT = "see_payment"
    RENEW = "renew"
    WAITS_TO_RENEW = "waits_to_renew"


class Owed(StrEnum):
    """Whether a contribution is owed; `held` while an attempt to pay it is undecided."""

    NOTHING = "nothing"
    OPEN = "open"
    HELD = "held"


@dataclass(frozen=True)
class Facts:
    """What the answer depends on; `step` is None where documents were not looked at."""

    stage: Stage
    step: Step | None = None
    is_answered: bool = True
    owed: Owed = Owed.NOTHING
    is_bought_ahead: bool = False


PAYING = frozenset({Action.CHOOSE_PLAN, Action.RENEW})
_DECIDED = {Stage.REJECTED: Action.REGISTER, Stage.REFERRED: Action.WAITS_FOR_OFFICER}
_TO_FILL_IN = {
    Step.PARTICULARS: Action.PARTICULARS,
    Step.DOCUMENT: Action.DOCUMENT,
    Step.STOP: Action.STOP,
}
FIRST_TIME = frozenset({Stage.DRAFT, Stage.UNPAID, Stage.ALLOWED})


def next_action(facts: Facts) -> Action:
    """Reads from top to bottom: what ends it, what is missing, what must be sent, what is owed."""
    if facts.stage in _DECIDED:
        return _DECIDED[facts.stage]
    if facts.stage == Stage.UNDER_REVIEW and facts.step not in {None, Step.PLAN}:
        return Action.WAITS_FOR_OFFICER
    if facts.step in _TO_FILL_IN:
        return _TO_FILL_IN[facts.step]
    if facts.stage in PAID_TO_SEND:
        return _send_again(facts)
    if facts.step == Step.ASK_OFFICER:
        return Action.ASK_OFFICER
    if facts.stage == Stage.DRAFT and facts.step is None:
        return Action.FILL_IN
    return _pay(facts)


def _send_again(facts: Facts) -> Action:
    if facts.step is None:
        return Action.CORRECT
    if not facts.is_answered:
        return Action.CHANGE_FIRST
    return Action.ASK_OFFICER if facts.step == Step.ASK_OFFICER else Action.SEND_AGAIN


def _pay(facts: Facts) -> Action:
    if facts.is_bought_ahead:
        return Action.WAITS_TO_RENEW
    if facts.owed == Owed.HELD:
        return Action.SEE_PAYMENT
    if facts.owed == Owed.OPEN:
        return Action.PAY
    return Action.CHOOSE_PLAN if facts.stage in FIRST_TIME else Action.RENEW
