"""No word on an English page escapes the catalogue: a pseudo-locale shows those that do.

Every message is translated as ⟦itself⟧; what a page shows outside of the brackets must be data.
"""

import re
from html.parser import HTMLParser

import polib
import pytest
from django.conf import settings as portal_settings
from django.urls import reverse
from django.utils import timezone, translation

from accounts.models import User
from contributions.models import Contribution
from development.cast import NAMED, make
from payments.models import Bank, Payment
from receipts.models import Receipt
from registration.models import Registration

SPOKEN = {"aria-label", "alt", "title", "placeholder", "content", "data-show", "data-hide"}
SILENT = {"script", "style", "head", "svg"}
# Data that is written with letters: languages, dates, sums, numbers of receipts and documents.
DATA = re.compile(
    r"Bahasa Melayu|English|\d{1,2}\s[A-Z][a-z]{2}\s\d{4}|\d:\d\d\s[ap]m|MYT|RM[\d,.]+|KB|"
    r"SPS-\d{4}-\d{8}|[\w.-]+@[\w.]+|[\w-]+\.jpg|\bD\d{7}\b|\b\d{6}[0-9A-Z]{10}\b|VAB \d+|"
    r"PERKESO|FPX|OTP|SMS|PDF|\b[A-Z]\b"
)
WORD = re.compile(r"[A-Za-zÀ-ÿ]{2,}")


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


def untranslated(html, known):
    """The words of a page that are neither translated nor data."""
    page = Page()
    page.feed(html)
    text = "\n".join(page.outside).replace("\N{NO-BREAK SPACE}", " ")
    for name in known:
        text = text.replace(name, " ")
    return WORD.findall(DATA.sub(" ", text))


@pytest.fixture
def pseudo_locale(settings, tmp_path):
    """English that is Malay in brackets."""
    source = portal_settings.LOCALE_PATHS[0] / "en" / "LC_MESSAGES" / "django.po"
    catalogue = polib.pofile(str(source))
    for entry in catalogue:
        entry.flags = []
        if entry.msgid_plural:
            entry.msgstr_plural = dict.fromkeys((0, 1), f"⟦{entry.msgid}⟧")
        else:
            entry.msgstr = f"⟦{entry.msgid}⟧"
    folder = tmp_path / "en" / "LC_MESSAGES"
    folder.mkdir(parents=True)
    catalogue.save_as_mofile(str(folder / "django.mo"))
    settings.LOCALE_PATHS = [tmp_path]


@pytest.fixture
def cast(transactional_db):
    """A person in every state."""
    at = timezone.now()
    for person, _words, story in NAMED:
        make(person, story, at=at)
    Bank.objects.update(listed_at=at)  # else the page would ask FPX
    return list(User.objects.opened())


PUBLIC = [
    "home",
    "help",
    "contact",
    "privacy",
    "disclaimer",
    "accessibility",
    "session_ended",
    "accounts:sign_up",
    "accounts:log_in",
    "accounts:forgot_password",
]
OWN = [
    "choose_mode",
    "dashboard",
    "registration:overview",
    "registration:service",
    "registration:details",
    "registration:choose_document",
    "registration:renew",
    "contributions:choose_plan",
    "contributions:check_answers",
    "contributions:history",
    "receipts:receipts",
]


def pages_of(user):
    """Every page of a driver."""
    yield from (reverse(name) for name in OWN)
    yield reverse("registration:document", args=["lesen"])
    for payment in Payment.objects.for_user(user):
        yield reverse("payments:payment", args=[payment.reference])
    for contribution in Contribution.objects.for_user(user).open():
        yield reverse("payments:choose_bank", args=[contribution.public_id])
    for receipt in Receipt.objects.for_user(user):
        yield reverse("receipts:receipt", args=[receipt.public_id])


def test_the_pages_of_strangers(pseudo_locale, client, db):
    with translation.override("en"):
        paths = [reverse(name) for name in PUBLIC]
    for path in paths:
        for answer in (client.get(path), client.post(path, {})):
            if answer.status_code == 200:
                assert (path, untranslated(answer.text, [])) == (path, [])


def test_the_pages_of_drivers(pseudo_locale, client, cast):
    banks = ["SBI Bank A", "SBI BANK A"]
    places = ["Jalan Melati", "Taman Indah", "Kajang", "Selangor", "Teksi Bersama"]
    seen, wrong = set(), []
    for user in cast:
        client.force_login(user)
        known = [user.full_name, user.get_short_name(), *banks, *places]
        with translation.override("en"):
            paths = list(pages_of(user))
        for path in paths:
            for answer in (client.get(path), client.post(path, {})):
                if answer.status_code == 200 and answer.text not in seen:
                    seen.add(answer.text)
                    wrong += [(path, word) for word in untranslated(answer.text, known)]
    assert "; ".join(sorted({f"{path}: {word}" for path, word in wrong})) == ""
    assert len(seen) > len(Registration.Status) * len(OWN)
