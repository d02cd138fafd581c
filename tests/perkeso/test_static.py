"""Light, and free of inline script and style."""

import gzip
import re
from pathlib import Path

import pytest
from django.template.loader import render_to_string

from contributions.models import Contribution
from payments.models import Case, Payment, Refund
from registration.models import Registration

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


LIFE_CYCLES = (Registration, Contribution, Payment, Case, Refund)
STATUSES = sorted({status for model in LIFE_CYCLES for status in model.Status})
COVER = ["covered", "ends_soon", "queued", "lapsed", "uncovered"]


@pytest.mark.parametrize("status", [*STATUSES, *COVER])
def test_every_status_has_a_word_and_a_tone(status):
    html = render_to_string("components/status.html", {"status": status})
    assert re.search(r'class="tag tag--\w+">[^<]+<', html)
