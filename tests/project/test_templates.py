"""Every template compiles, and stays small."""

from pathlib import Path

from django.template import TemplateSyntaxError
from django.template.loader import get_template

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


def test_every_template_is_small():
    assert [
        name for name, path in TEMPLATES.items() if len(path.read_text().splitlines()) > 120
    ] == []
