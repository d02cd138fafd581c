"""Small stays small: modules under 300 lines, functions under 30."""

import ast
from pathlib import Path

import pytest

from development.check import PACKAGES

ROOT = Path(__file__).parents[2]
LISTS = {"perkeso/settings.py": 450}  # looked up, not read through; it stays one file
MODULES = sorted(
    path.relative_to(ROOT)
    for folder in PACKAGES
    for path in (ROOT / folder).rglob("*.py")
    if "migrations" not in path.parts
)


def functions(path):
    """Each function of a module with its length in lines."""
    for node in ast.walk(ast.parse((ROOT / path).read_text())):
        if isinstance(node, ast.FunctionDef | ast.AsyncFunctionDef):
            yield node.name, (node.end_lineno or 0) - node.lineno + 1


@pytest.mark.parametrize("path", MODULES, ids=str)
def test_a_module_is_small(path):
    most = LISTS.get(str(path), 300)
    assert len((ROOT / path).read_text().splitlines()) < most
    assert [name for name, length in functions(path) if length >= 30] == []


@pytest.mark.parametrize("path", MODULES, ids=str)
def test_a_module_says_what_it_is(path):
    source = (ROOT / path).read_text()
    assert not source.strip() or ast.get_docstring(ast.parse(source))
