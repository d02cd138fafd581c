"""The diagrams of the README say what the tables say."""

import re
from itertools import product
from pathlib import Path

import pytest

from accounts.models import AccountCase
from contributions.models import Contribution
from foundation.proposals import Proposal
from payments.models import Payment, PaymentCase, Refund
from registration.models import Registration, SupportingDocument
from registration.stage import stage_of

FLAGS = ("is_paid", "is_allowed", "has_changed")
README = Path(__file__).parents[2] / "README.md"
_EDGE = re.compile(r"^\s+(\w+) --> (\w+)", re.MULTILINE)


def drawn(name):
    """The edges of the Mermaid diagram titled with a model's or a table's name."""
    title = f"title: {name}\n"
    blocks = re.findall(r"```mermaid\n(.*?)```", README.read_text(), re.DOTALL)
    (block,) = [block for block in blocks if title in block]
    return set(_EDGE.findall(block))


@pytest.mark.parametrize(
    "model",
    [
        AccountCase,
        Registration,
        SupportingDocument,
        Contribution,
        Payment,
        PaymentCase,
        Refund,
        Proposal,
    ],
)
def test_the_diagram_is_current(model):
    table = {(str(a), str(b)) for a, targets in model.TRANSITIONS.items() for b in targets}
    assert drawn(model.__name__) == table


def test_the_stages_of_a_registration_are_drawn():
    edges = {(status, stage.removesuffix("_stage")) for status, stage in drawn("Stage")}
    flags = [dict(zip(FLAGS, values, strict=True)) for values in product([False, True], repeat=3)]
    assert edges == {
        (str(status), str(stage_of(status, **facts)))
        for status in Registration.Status
        for facts in flags
    }
