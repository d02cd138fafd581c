"""The English catalogue holds every message, translated, with the same placeholders."""

import re
import shutil
from pathlib import Path

import polib

from development.words import extract

ROOT = Path(__file__).parents[2]
CATALOGUE = ROOT / "perkeso" / "locale" / "en" / "LC_MESSAGES" / "django.po"
ENTRIES = polib.pofile(str(CATALOGUE)) if CATALOGUE.exists() else []
_PLACEHOLDER = re.compile(r"%\(\w+\)[sd]|%[sd]|\{\w*\}")


SOURCES = [
    *(
        "perkeso",
        "staff",
        "foundation",
        "accounts",
        "registration",
        "contributions",
        "receipts",
        "payments",
    ),
    "templates",
]


def test_the_catalogue_is_current(settings, tmp_path, monkeypatch):
    for folder in SOURCES:  # makemessages writes beside what it reads
        shutil.copytree(ROOT / folder, tmp_path / folder)
    settings.LOCALE_PATHS = [tmp_path / "perkeso" / "locale"]
    monkeypatch.chdir(tmp_path)
    fresh = polib.pofile(str(extract(tmp_path / "perkeso" / "locale")))
    assert {entry.msgid for entry in fresh} == {entry.msgid for entry in ENTRIES}


def test_every_message_is_translated():
    assert [entry.msgid for entry in ENTRIES if not entry.translated()] == []


def test_the_compiled_catalogue_is_current():
    compiled = polib.mofile(str(CATALOGUE.with_suffix(".mo")))
    assert {(e.msgctxt, e.msgid): (e.msgstr, e.msgstr_plural) for e in compiled} == {
        (e.msgctxt, e.msgid): (e.msgstr, e.msgstr_plural) for e in ENTRIES
    }


def test_english_says_log_in_in_one_way():
    other = re.compile(r"\bsign(?:ed|ing|s)?[ -](?:in|out)\b|\blogin\b", re.IGNORECASE)
    assert [entry.msgid for entry in ENTRIES if other.search(f"{entry.msgstr}")] == []


def test_drivers_are_told_what_it_is_and_not_what_it_is_called():
    jargon = re.compile(r"\b(?:JSON|zip|CSV|MYT|skrip)\b")
    comments = re.compile(r"{% comment %}.*?{% endcomment %}", re.DOTALL)
    pages = [page for page in (ROOT / "templates").rglob("*.*") if "admin" not in page.parts]
    assert len(pages) > 100
    assert [page.name for page in pages if jargon.search(comments.sub("", page.read_text()))] == []


def placeholders(text):
    """What Python fills in, in no order: a language may turn a sentence round."""
    return sorted(_PLACEHOLDER.findall(text))


def test_placeholders_are_the_same():
    assert [
        entry.msgid
        for entry in ENTRIES
        for text in (entry.msgstr_plural or {0: entry.msgstr}).values()
        if placeholders(text) != placeholders(entry.msgid_plural or entry.msgid)
    ] == []
