"""The diagrams of the README say what the tables say."""

import re
from pathlib import Path

import pytest

from accounts.models import AccountCase
from contributions.models import Contribution
from payments.models import Case, Payment, Refund
from registration.models import Registration, SupportingDocument

README = Path(__file__).parents[2] / "README.md"
_EDGE = re.compile(r"^\s+(\w+) --> (\w+)", re.MULTILINE)


def drawn(model):
    """The edges of the Mermaid diagram titled with the model's name."""
    title = f"title: {model.__name__}\n"
    blocks = re.findall(r"```mermaid\n(.*?)```", README.read_text(), re.DOTALL)
    (block,) = [block for block in blocks if title in block]
    return set(_EDGE.findall(block))


@pytest.mark.parametrize(
    "model",
    [AccountCase, Registration, SupportingDocument, Contribution, Payment, Case, Refund],
)
def test_the_diagram_is_current(model):
    table = {(str(a), str(b)) for a, targets in model.TRANSITIONS.items() for b in targets}
    assert drawn(model) == table
