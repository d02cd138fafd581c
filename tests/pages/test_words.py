"""Every page of the table opens and is light, and no word on it escapes the catalogue.

In a pseudo-locale every message is translated as ⟦itself⟧; what a page shows outside of the
brackets must be data. The portal is read in English, the desk, which speaks Malay only, in Malay.
"""

import gzip
import re
from dataclasses import replace
from functools import cache
from html import unescape
from html.parser import HTMLParser
from importlib.util import find_spec
from pathlib import Path

import polib
import pytest
import time_machine
from django.conf import settings as portal_settings
from django.contrib.staticfiles import finders

from accounts.models import AccountCase, User
from development.people import PHRASE
from foundation.wording import masked_name
from receipts.models import Receipt
from tests.factories import AT
from tests.pages.errors import AT_THE_DESK, ERRORS, gone_wrong
from tests.pages.table import PAGES
from tests.pages.town import make_town
from tests.pages.visits import opened

SPOKEN = {"aria-label", "alt", "title", "placeholder", "content", "data-show", "data-hide"}
SILENT = {"script", "style", "head", "svg", "code"}
# Data that is written with letters: languages, dates, sums, numbers of receipts and documents.
DATA = re.compile(
    r"Bahasa Melayu|English|\d{1,2}\s[A-Z][a-z]{2}\s\d{4}|\d:\d\d\s[ap]m|RM[\d,.]+|KB|"
    r"SPS-\d{4}-\d{8}|[\w.•-]+@[\w.]+|[\w-]+\.jpg|\bD\d{7}\b|\b\d{6}[0-9A-Z]{10}\b|VAB \d+|"
    r"\b[A-HJ-NP-Z2-9]{8}\b|PERKESO|FPX|OTP|MyKad|SMS|PDF|\b[A-Z]\b"
)
# On the desk also what machines call things, and what is Malay without a catalogue.
DESK = re.compile(
    r"\b[0-9a-f]{64}\b|\w+(?:(?:[._/=]|: )\w+)+|\{[^{}]*\}|"
    r"\b(?:Puan|pagi|Ogos|Akaun|Bayaran|Caruman|Pendaftaran|Resit|Pelan)\b|"
    r"\b(?:SE|EX)\d{8}\b|\bMYR\b|"
    r"\bms\b|\bwhich\b|\ball\b|\bTEST\d{4}\b|\b(?:credited|failed|pending|has not seen it)\b"
)
TYPED = [  # by the people of the town
    *("SBI Bank A", "SBI BANK A", "Jalan Melati", "Taman Indah", "Kajang", "Selangor"),
    *("Teksi Bersama", "Chandran a/l Muthusamy", "Tersalah eja", PHRASE),
    *(
        "TIDAKDIKENALI",
        "WV-1",
        "BR-1",
        "MyKad asal",
        "Akaun ditutup",
        "Dibayar dua kali",
        "Tersilap",
    ),
]
ERROR = re.compile('aria-invalid="true"|errornote|role="alert"')
HEAVIEST = 8 * 1024  # a page as it is sent
HEAVIEST_COLD = 60 * 1024  # with its style, script, fonts and pictures, to who was never here
OWN_FILE = re.compile(r'<(?:link[^>]* href|(?:script|img)[^>]* src)="(/[^"]+)"')
FONT = re.compile(r"url\([\"']?\.\./(fonts/[\w-]+\.woff2)")
WORD = re.compile(r"[A-Za-zÀ-ÿ]{2,}")
DJANGO = Path(find_spec("django").origin).parent


class Page(HTMLParser):
    """Collects what a reader meets outside of the brackets."""

    def __init__(self):
        super().__init__()
        self.depth, self.silent, self.outside = 0, 0, []

    def handle_starttag(self, tag, attrs):
        self.silent += tag in SILENT
        for name, value in attrs:
            if name in SPOKEN and not self.silent and value and "⟦" not in value:
                self.outside.append(value)

    def handle_endtag(self, tag):
        self.silent -= tag in SILENT

    def handle_data(self, data):
        for piece in re.split("([⟦⟧])", data):
            if piece == "⟦":
                self.depth += 1
            elif piece == "⟧":
                self.depth -= 1
            elif self.depth == 0 and not self.silent:
                self.outside.append(piece)


def untranslated(html, known, data=DATA):
    """The words of a page that are neither translated nor data."""
    page = Page()
    page.feed(html)
    text = "\n".join(page.outside).replace("\N{NO-BREAK SPACE}", " ")
    for name in sorted(known, key=len, reverse=True):
        text = text.replace(name, " ")
    return WORD.findall(data.sub(" ", DATA.sub(" ", text)))


def bracket(entry, translation):
    """Makes a message of a catalogue say ⟦itself⟧."""
    entry.flags = []
    if entry.msgid_plural:
        entry.msgstr_plural = dict.fromkeys((0, 1), f"⟦{translation}⟧")
    else:
        entry.msgstr = f"⟦{translation}⟧"
    return entry


def own_catalogue(language):
    return polib.pofile(
        str(portal_settings.LOCALE_PATHS[0] / language / "LC_MESSAGES" / "django.po")
    )


def english():
    """English that is Malay in brackets."""
    catalogue = own_catalogue("en")
    for entry in catalogue:
        bracket(entry, entry.msgid)
    return catalogue


def malay():
    """Malay in brackets; Django's own messages only if somebody has translated them."""
    catalogue = english()
    known = {(entry.msgctxt, entry.msgid) for entry in catalogue}
    folders = [DJANGO / "conf", *sorted((DJANGO / "contrib").iterdir())]
    files = [folder / "locale" / "ms" / "LC_MESSAGES" / "django.po" for folder in folders]
    for entry in [*own_catalogue("ms"), *(e for f in files if f.exists() for e in polib.pofile(f))]:
        if entry.translated() and (entry.msgctxt, entry.msgid) not in known:
            known.add((entry.msgctxt, entry.msgid))
            catalogue.append(bracket(entry, entry.msgstr or entry.msgstr_plural[0]))
    return catalogue


@pytest.fixture
def pseudo_locale(settings, tmp_path):
    """Both languages in brackets."""
    for language, catalogue in (("en", english()), ("ms", malay())):
        folder = tmp_path / language / "LC_MESSAGES"
        folder.mkdir(parents=True)
        catalogue.save_as_mofile(str(folder / "django.mo"))
    settings.LOCALE_PATHS = [tmp_path]


@pytest.fixture
def town(db):
    make_town()


def complaints(pages):
    """What is wrong with these pages."""
    for name in pages:
        for visit in PAGES[name] if not isinstance(PAGES[name], str) else []:
            visit = visit if name.startswith("admin:") else replace(visit, language="en")
            with opened(name, visit) as (client, answer):
                data = DESK if name.startswith("admin:") else DATA
                found = wrongs(visit, answer, [*names(), *TYPED], data)
                yield from (f"{name}: {visit}: {wrong}" for wrong in found)
                if "admin:" not in name:
                    yield from (f"{name}: {visit}: {weight}" for weight in heavy(client, answer))


def heavy(client, answer):
    """What is too much for a slow network."""
    page = len(gzip.compress(answer.content))
    if page > HEAVIEST:
        yield f"a page of {page} bytes"
    if (cold := page + cold_weight(client, answer)) > HEAVIEST_COLD:
        yield f"{cold} bytes on a first visit"


def cold_weight(client, answer):
    """The bytes that a browser fetches beside the page which has been here never before."""
    files = {unescape(path) for path in OWN_FILE.findall(answer.text)}
    static = {path.removeprefix("/static/") for path in files if path.startswith("/static/")}
    with time_machine.travel(AT, tick=False):  # when their session lives
        pictures = [client.get(path) for path in files if not path.startswith("/static/")]
    seen = sum(len(picture.getvalue()) for picture in pictures)
    return seen + sum(static_weight(path) for path in static)


@cache
def static_weight(path):
    """Of a file as it is sent, with the fonts that it names."""
    content = Path(finders.find(path)).read_bytes()
    if path.endswith(".woff2"):
        return len(content)
    fonts = FONT.findall(content.decode()) if path.endswith(".css") else []
    return len(gzip.compress(content)) + sum(static_weight(font) for font in fonts)


def names():
    """Of accounts, and of receipts, whole and as strangers see them."""
    accounts = User.objects.values_list("full_name", flat=True)
    receipts = Receipt.objects.values_list("full_name", flat=True)
    reports = AccountCase.objects.values_list("full_name", flat=True)
    return [*accounts, *reports, *receipts, *(masked_name(name) for name in receipts)]


def lead_nowhere(html):
    """The links within a page that lead to no place of it, or to two."""
    links = re.findall(r'href="#([^"]+)"', html)
    return [link for link in links if html.count(f' id="{link}"') != 1]


def wrongs(visit, answer, known, data):
    """Another page than was meant, no error on a wrong form, lost links, or foreign words."""
    if answer.status_code != visit.status:
        yield f"{answer.status_code} {answer.headers.get('Location', '')}"
    elif visit.posts == {} and not ERROR.search(answer.text):
        yield "no error is shown"
    elif nowhere := lead_nowhere(answer.text):
        yield f"links that lead nowhere: {nowhere}"
    else:
        yield from untranslated(answer.text, known, data)


def test_the_portal_is_translated(town, pseudo_locale):
    found = complaints(name for name in PAGES if not name.startswith("admin:"))
    assert "\n".join(found) == ""


def test_the_desk_speaks_malay(town, pseudo_locale):
    found = complaints(name for name in PAGES if name.startswith("admin:"))
    assert "\n".join(found) == ""


@pytest.mark.parametrize(("status", "act"), ERRORS)
def test_every_error_is_translated(db, pseudo_locale, status, act):
    with gone_wrong(act) as (_client, answer):
        assert answer.status_code == status
        in_both = '<section lang="en">' in answer.text
        data = DESK if (status, act) in AT_THE_DESK else DATA
        said = re.sub(r"<strong>[0-9a-f]{16}</strong>", "", answer.text)  # a number to quote
        assert in_both or untranslated(said, names(), data) == []
