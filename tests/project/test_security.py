"""docs/security.md names only files and tests that exist, and takes every chapter."""

import ast
import re
from pathlib import Path

ROOT = Path(__file__).parents[2]
TEXT = (ROOT / "docs" / "security.md").read_text()
NAMED = {name for name in re.findall(r"`([^`\s]+)`", TEXT) if "/" in name or "::" in name}


def functions_of(path):
    tree = ast.parse((ROOT / path).read_text())
    return {node.name for node in ast.walk(tree) if isinstance(node, ast.FunctionDef)}


def test_every_file_and_test_that_it_names_exists():
    for name in sorted(NAMED):
        path, _, test = name.partition("::")
        assert (ROOT / path).exists(), name
        assert not test or test in functions_of(path), name
    assert len(NAMED) > 50


def test_it_takes_every_chapter_that_applies():
    chapters = [int(number) for number in re.findall(r"^## (\d+) ", TEXT, re.MULTILINE)]
    assert chapters == [1, 2, 3, 4, 5, 6, 7, 8, 9, 11, 12, 13, 14, 15, 16]


def test_each_row_says_how_it_is_met_or_that_it_is_not():
    for row in re.findall(r"^\| \d.*$", TEXT, re.MULTILINE):
        assert "`" in row or "**" in row or "Django" in row, row
