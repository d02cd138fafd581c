"""Light, and free of inline script and style."""

import gzip
import re
from pathlib import Path

import pytest
from django.template.loader import render_to_string

from contributions.models import Contribution
from payments.models import Payment, PaymentCase, Refund

ROOT = Path(__file__).parents[2]
STATIC = ROOT / "static"
TEMPLATES = sorted((ROOT / "templates").rglob("*.html"))
INLINE = re.compile(
    r"\sstyle=|\son[a-z]+=|<style|<script(?![^>]*\ssrc=)|javascript:", re.IGNORECASE
)
KB = 1024


@pytest.mark.parametrize(
    ("name", "most"), [("css/portal.css", 10 * KB), ("css/fonts.css", KB), ("js/portal.js", 8 * KB)]
)
def test_a_file_keeps_its_budget(name, most):
    assert len(gzip.compress((STATIC / name).read_bytes())) <= most


def test_the_fonts_keep_their_budget():
    assert sum(path.stat().st_size for path in (STATIC / "fonts").glob("*.woff2")) <= 24 * KB


def test_no_template_holds_script_or_style():
    """But for letters, which no stylesheet reaches."""
    pages = [path for path in TEMPLATES if "mail" not in path.parts]
    assert ROOT / "templates" / "base.html" in pages
    assert [path.name for path in pages if INLINE.search(path.read_text())] == []


ROWS = [
    model(status=status)
    for model in (Contribution, Payment, PaymentCase, Refund)
    for status in model.Status
]
COVER = ["covered", "ends_soon", "queued", "lapsed", "uncovered", "void", "paid"]
TAG = re.compile(r'class="tag tag--(success|info|warning|error|neutral)">[^<]+<')


@pytest.mark.parametrize("row", ROWS, ids=lambda row: f"{type(row).__name__}-{row.status}")
def test_every_status_has_a_word_and_a_tone(row):
    assert TAG.search(render_to_string("components/status.html", {"row": row}))


@pytest.mark.parametrize("status", COVER)
def test_every_state_of_cover_has_a_word_and_a_tone(status):
    assert TAG.search(render_to_string("components/cover_status.html", {"status": status}))
