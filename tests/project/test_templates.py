"""Every template compiles, is there when code names it, and stays small."""

import ast
import re
from pathlib import Path

from django.template import TemplateSyntaxError
from django.template.loader import get_template

from tests.project.test_sizes import MODULES

ROOT = Path(__file__).parents[2]
FOLDERS = [ROOT / "templates", *ROOT.glob("*/templates")]
TEMPLATES = {
    str(path.relative_to(folder)): path
    for folder in FOLDERS
    if "sandbox" not in folder.parts
    for path in folder.rglob("*.*")
    if path.suffix in {".html", ".txt"}
}


def faults_of(name):
    """What the compiler says against a template, in words."""
    try:
        get_template(name)
    except TemplateSyntaxError as error:
        yield f"{name}: {error}"


def test_templates_are_found():
    assert set(TEMPLATES) >= {"base.html", "receipts/pdf.html", "404.html"}


def test_every_template_compiles():
    assert [fault for name in TEMPLATES for fault in faults_of(name)] == []


NAME = re.compile(r"[a-z0-9][\w./-]*\.(?:html|txt)")
LETTER = re.compile(r"\w+/mail/\w+")


def named_in_code():
    """Each template, and each letter's text, that a string in the portal's modules names."""
    portal = [path for path in MODULES if path.parts[0] not in {"sandbox", "development"}]
    trees = [ast.parse((ROOT / path).read_text()) for path in portal]
    nodes = [node for tree in trees for node in ast.walk(tree) if isinstance(node, ast.Constant)]
    strings = {node.value for node in nodes if isinstance(node.value, str)}
    return {s for s in strings if NAME.fullmatch(s)} | {
        f"{s}{end}" for s in strings if LETTER.fullmatch(s) for end in (".txt", "_subject.txt")
    }


def test_every_template_that_code_names_is_there():
    names = named_in_code()
    assert names >= {"receipts/pdf.html", "perkeso/mail/copy_ready_subject.txt"}
    assert names - set(TEMPLATES) == set()


def test_every_template_is_small():
    assert [
        name for name, path in TEMPLATES.items() if len(path.read_text().splitlines()) > 120
    ] == []


def test_few_lines_of_pages_are_long():
    """A tag cannot be wrapped; more than one line in fifty would be logic in the wrong place."""
    pages = [path for name, path in TEMPLATES.items() if name.endswith(".html")]
    lines = [line for path in pages for line in path.read_text().splitlines()]
    assert sum(len(line) > 120 for line in lines) <= len(lines) / 50
