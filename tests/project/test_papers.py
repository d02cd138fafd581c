"""What a stranger reads first does not drift from the house."""

import ast
import re
from pathlib import Path

import pytest

from tests.project.test_sizes import MODULES

ROOT = Path(__file__).parents[2]
DECISIONS = ROOT / "docs" / "decisions"
GLOSSARY = (ROOT / "docs" / "glossary.md").read_text()
PAPERS = [*ROOT.glob("*.md"), *(ROOT / "docs").rglob("*.md")]
_ROW = re.compile(r"^\| (\d+) \| \[(.*)\]\((.*)\) \| (\S+) \|$", re.MULTILINE)
_HE = re.compile(r"\b(?:he|his|him|himself)\b", re.IGNORECASE)
_LINK = re.compile(r"\]\((?!https?:)([^)#\s]+)[^)]*\)")


def headed(path):
    """A decision's number, title, file and day, as it says itself."""
    title, _empty, day = path.read_text().splitlines()[:3]
    number, words = re.fullmatch(r"# (\d+)\. (.*)", title).groups()
    return number, words, path.name, day


def test_the_index_names_every_decision_as_it_names_itself():
    decisions = sorted(DECISIONS.glob("[0-9]*.md"))
    assert _ROW.findall((DECISIONS / "README.md").read_text()) == [headed(d) for d in decisions]


def test_decisions_are_numbered_one_by_one():
    names = sorted(path.name for path in DECISIONS.glob("[0-9]*.md"))
    assert [int(name[:4]) for name in names] == list(range(1, len(names) + 1))


@pytest.mark.parametrize("name", ["LICENSE", "CONTRIBUTING.md", "SECURITY.md", "CHANGELOG.md"])
def test_a_stranger_finds_it(name):
    assert name in (ROOT / "README.md").read_text()
    assert (ROOT / name).read_text().strip()


def test_every_link_leads_somewhere():
    assert [
        f"{path.relative_to(ROOT)}: {target}"
        for path in PAPERS
        for target in _LINK.findall(path.read_text())
        if not (path.parent / target).exists()
    ] == []


def test_nobody_is_taken_for_a_man():
    code = [ROOT / path for path in MODULES]
    assert [
        f"{path.relative_to(ROOT)}: {word}"
        for path in [*PAPERS, *code]
        if path.name != "glossary.md"  # which names the words that are not used
        for word in _HE.findall(path.read_text())
    ] == []


def identifiers():
    """Every name that the modules give to something."""
    for path in MODULES:
        for node in ast.walk(ast.parse((ROOT / path).read_text())):
            if isinstance(node, ast.FunctionDef | ast.AsyncFunctionDef | ast.ClassDef):
                yield node.name.strip("_")
            elif isinstance(node, ast.Name):
                yield node.id.strip("_")
            elif isinstance(node, ast.Attribute):
                yield node.attr.strip("_")
        yield path.stem


# Words that meant more than one thing, or were pictures; the glossary has others for them.
REPLACED = {"Case", "CLAIMED_IC", "SETTLED", "keep_typed", "nonsense", "ring", "bell", "standing"}


def test_a_word_that_was_replaced_stays_away():
    assert REPLACED & set(identifiers()) == set()


def test_a_word_has_one_row():
    words = re.findall(r"^\| ([^|]+?) \|", GLOSSARY, re.MULTILINE)
    terms = [word for word in words if word != "word"]
    assert len(terms) > 50
    assert len(terms) == len(set(terms))
