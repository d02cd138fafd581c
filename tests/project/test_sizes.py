"""Small stays small: modules under 300 lines, functions under 30."""

import ast
from pathlib import Path

from development.check import PACKAGES

ROOT = Path(__file__).parents[2]
LISTS = {"perkeso/settings.py": 390}  # looked up, not read through; it stays one file
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


def lines(path):
    return len((ROOT / path).read_text().splitlines())


def says_what_it_is(path):
    source = (ROOT / path).read_text()
    return not source.strip() or ast.get_docstring(ast.parse(source))


def test_modules_are_found():
    assert {str(path) for path in MODULES} >= {"perkeso/settings.py", "payments/models/payments.py"}


def test_every_module_is_small():
    assert [str(path) for path in MODULES if lines(path) >= LISTS.get(str(path), 300)] == []


def test_every_function_is_small():
    assert [
        f"{path}: {name}" for path in MODULES for name, size in functions(path) if size >= 30
    ] == []


def test_every_module_says_what_it_is():
    assert [str(path) for path in MODULES if not says_what_it_is(path)] == []
