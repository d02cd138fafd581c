"""The pictures: four pages of the journey on a phone, and the receipt on paper."""

from collections.abc import Iterator
from io import BytesIO
from pathlib import Path

import django

django.setup()

import pypdfium2  # noqa: E402 (all of these stand beside what needs loaded apps)
from django.conf import settings  # noqa: E402
from django.test import Client, override_settings  # noqa: E402
from django.urls import reverse  # noqa: E402
from django.utils import timezone  # noqa: E402
from PIL import Image  # noqa: E402
from playwright.sync_api import Browser, sync_playwright  # noqa: E402

from accounts.models import User  # noqa: E402
from development import chromium  # noqa: E402
from development.cast import NAMED, make  # noqa: E402
from development.stack import PORTS, ROOT  # noqa: E402
from receipts import pdf  # noqa: E402
from receipts.models import Receipt  # noqa: E402

FOLDER = ROOT / "docs" / "screens"
PHONE = (360, 1500)
GAP, GROUND = 24, "#e4e4e7"
PAPER_SCALE = 1.5  # of 72 dots an inch
COLOURS = 256  # enough for text and a few tints, and a third of the bytes


def take_all() -> Iterator[Path]:
    """Makes two people of the cast, takes their pages and one's receipt; yields the files."""
    devi, jamal = _person("Devi a/p Raman"), _person("Jamal bin Idris")
    receipt = Receipt.objects.for_user(devi).latest("issued_at")
    pages = [
        (None, reverse("home")),
        (devi, reverse("dashboard")),
        (jamal, reverse("contributions:check_answers")),
        (devi, reverse("receipts:receipt", args=[receipt.public_id])),
    ]
    cookies: dict[User | None, str] = {user: _session(user) for user in (devi, jamal)}
    paper = _paper(receipt)
    with sync_playwright() as playwright:
        browser = playwright.chromium.launch(
            executable_path=chromium.program(), args=chromium.FLAGS
        )
        phones = [_screen(browser, path, cookies.get(user)) for user, path in pages]
    yield _kept("journey.png", _side_by_side(phones))
    yield _kept("receipt.png", paper)


def _person(name: str) -> User:
    person, story = next((one, story) for one, _words, story in NAMED if one.full_name == name)
    make(person, story, at=timezone.now())
    return User.objects.opened().with_ic_number(person.ic_number).get()


def _session(user: User) -> str:
    client = Client()
    client.force_login(user)
    return client.cookies[settings.SESSION_COOKIE_NAME].value


def _screen(browser: Browser, path: str, session: str | None) -> Image.Image:
    """The upper part of a page, as a phone shows it."""
    width, height = PHONE
    context = browser.new_context(viewport={"width": width, "height": height}, locale="ms-MY")
    if session:
        name, url = settings.SESSION_COOKIE_NAME, settings.PORTAL_URL
        context.add_cookies([{"name": name, "value": session, "url": url}])
    page = context.new_page()
    page.goto(settings.PORTAL_URL + path, wait_until="networkidle")
    taken = Image.open(BytesIO(page.screenshot())).convert("RGB")
    context.close()
    return taken


def _side_by_side(phones: list[Image.Image]) -> Image.Image:
    width, height = PHONE
    whole = Image.new("RGB", (GAP + len(phones) * (width + GAP), height + 2 * GAP), GROUND)
    for number, phone in enumerate(phones):
        whole.paste(phone, (GAP + number * (width + GAP), GAP))
    return whole


def _paper(receipt: Receipt) -> Image.Image:
    """The receipt as `make run` would draw it: its address is the one that README.md names."""
    with override_settings(PORTAL_URL=f"http://127.0.0.1:{PORTS['PORT']}"):
        document = pdf.draw(receipt)
    with pypdfium2.PdfDocument(document) as opened:
        taken: Image.Image = opened[0].render(scale=PAPER_SCALE).to_pil()
        return taken.convert("RGB")


def _kept(name: str, picture: Image.Image) -> Path:
    file = FOLDER / name
    few = picture.quantize(COLOURS, Image.Quantize.MAXCOVERAGE, dither=Image.Dither.NONE)
    few.save(file, optimize=True)
    return file.relative_to(ROOT)
