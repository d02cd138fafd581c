"""Every template compiles, and stays small."""

from pathlib import Path

import pytest
from django.template.loader import get_template

ROOT = Path(__file__).parents[2]
FOLDERS = [ROOT / "templates", *ROOT.glob("*/templates")]
TEMPLATES = sorted(
    path.relative_to(folder)
    for folder in FOLDERS
    if "sandbox" not in folder.parts
    for path in folder.rglob("*.*")
    if path.suffix in {".html", ".txt"}
)


@pytest.mark.parametrize("name", TEMPLATES, ids=str)
def test_a_template_compiles(name):
    get_template(str(name))


@pytest.mark.parametrize("name", TEMPLATES, ids=str)
def test_a_template_is_small(name):
    source = Path(get_template(str(name)).template.origin.name)
    assert len(source.read_text().splitlines()) <= 120
