"""Every visit of the table of pages fits at 320, 360 and 1280 pixels, and is clean under axe.

The browser draws what Django's test client was answered, with its headers, so that the content
security policy is on trial too.
"""

import re
from dataclasses import replace
from html import unescape
from mimetypes import guess_type
from pathlib import Path
from urllib.parse import urlsplit

import pytest
import time_machine
from axe_playwright_python.sync_playwright import Axe
from django.contrib.staticfiles import finders

from tests.factories import AT
from tests.pages.errors import ERRORS, gone_wrong
from tests.pages.table import PAGES
from tests.pages.town import make_town
from tests.pages.visits import opened

HOST = "http://testserver"
WIDTHS = (320, 360, 1280)
NARROW, PHONE, WIDE = WIDTHS  # 360 pixels are laid out as 320 are
OWN_FILE = re.compile(r' src="(/[^"]+)"')
STYLED = "() => [...document.querySelectorAll('link[rel=stylesheet]')].every(link => link.sheet)"
# With text of twice the size: what sticks out at the right, and the skip link while it is not used.
LARGE_TEXT = """() => {
  const root = document.documentElement;
  root.style.fontSize = "200%";
  const box = (element) => element.getBoundingClientRect();
  const wide = root.scrollWidth > innerWidth;
  const sticks = wide ? [...document.querySelectorAll("body *")].filter(
    (element) => box(element).right > innerWidth + 1) : [];
  if (wide && !sticks.length) sticks.push(root);
  const skip = document.querySelector(".skip");
  if (skip && box(skip).bottom > 0 && box(skip).right > 0) sticks.push(skip);
  root.style.fontSize = "";
  return sticks.map((element) => element.tagName + "." + element.className);
}"""
PARTS = 4  # tests of about the same length, to share out
AXE = Axe()
RULES = {
    "resultTypes": ["violations"],
    "runOnly": {
        "type": "tag",
        "values": ["wcag2a", "wcag2aa", "wcag21a", "wcag21aa", "wcag22aa", "best-practice"],
    },
}
pytestmark = pytest.mark.proof


class Screen:
    """A browser page that draws the answers of a test client."""

    def __init__(self, page):
        self.page, self.files, self.breaches = page, {}, []
        page.route("**/*", self.serve)
        page.on("pageerror", lambda error: self.breaches.append(str(error)))
        page.on("console", lambda message: self.hear(message.text))

    def hear(self, text):
        if "Content Security Policy" in text:
            self.breaches.append(text)

    def show(self, client, answer, last="footer, #footer"):
        """Draws it down to the `last` of it.

        What it asks for is fetched before: its session is at home in this thread.
        """
        self.breaches.clear()
        address = answer.request["PATH_INFO"]
        wanted = {unescape(path) for path in OWN_FILE.findall(answer.text)}
        with time_machine.travel(AT, tick=False):  # when his session lives
            self.files = {path: client.get(path) for path in wanted if "/static/" not in path}
        self.files[address] = answer
        # No event of loading: the page that leads to the bank leaves before they come.
        self.page.goto(HOST + address, wait_until="commit")
        self.page.wait_for_selector(last, state="attached")
        self.page.wait_for_function(STYLED)
        self.page.evaluate("() => document.fonts.ready.then(() => null)")

    def serve(self, route):
        url = urlsplit(route.request.url)
        if f"{url.scheme}://{url.netloc}" != HOST:
            route.fulfill(status=204)  # the way to the bank ends here
        elif url.path.startswith("/static/"):
            path = Path(finders.find(url.path.removeprefix("/static/")))
            route.fulfill(body=path.read_bytes(), content_type=guess_type(path)[0])
        else:
            file = self.files.get(url.path)
            body = file.getvalue() if file else ""
            route.fulfill(body=body, headers=dict(file.headers) if file else {})


def complaints(screen, layouts=(NARROW, WIDE), *, is_for_phones=True):
    """What the browser blocked, what the ruler finds at each width, and axe in the layouts.

    A page for phones is measured with text of twice the size too.
    """
    page = screen.page
    yield from screen.breaches  # first: axe itself tries inline styles
    page.evaluate(AXE.axe_script)  # once for each page, as `AXE.run` would at each width
    for width in WIDTHS:
        page.set_viewport_size({"width": width, "height": 800})
        wide = page.evaluate("document.documentElement.scrollWidth")
        if wide > width:
            yield f"{width} px: scrolls to {wide} px"
        if width not in layouts:
            continue
        for found in page.evaluate("rules => axe.run(document, rules)", RULES)["violations"]:
            targets = " ".join(str(node["target"]) for node in found["nodes"][:3])
            yield f"{width} px: {found['id']} at {targets}"
    if is_for_phones:
        page.set_viewport_size({"width": PHONE, "height": 800})
        yield from (f"{PHONE} px, text of 200 %: {sticks}" for sticks in page.evaluate(LARGE_TEXT))


def visits():
    """Every visit, and the first of each portal page in English too; with the layouts for axe.

    A page's first visit is looked at in both; the others differ from it in what they say.
    """
    for name, row in PAGES.items():
        if not isinstance(row, str):
            yield name, row[0], (NARROW, WIDE)
            yield from ((name, visit, (NARROW,)) for visit in row[1:])
            if not name.startswith("admin:"):
                yield name, replace(row[0], language="en"), (NARROW,)


@pytest.mark.parametrize("part", range(PARTS))
def test_every_visit_is_clean(part, browser, db):
    make_town()
    screen = Screen(browser.new_page())
    wrong = []
    for name, visit, layouts in list(visits())[part::PARTS]:
        with opened(name, visit) as (client, answer):
            screen.show(client, answer)
            wrong += [
                f"{name}: {visit}: {found}"
                for found in complaints(screen, layouts, is_for_phones="admin:" not in name)
            ]
    screen.page.close()
    assert "\n".join(wrong) == ""


@pytest.mark.parametrize("language", ["ms", "en"])
def test_the_way_in_stands_on_the_first_screen_of_a_phone(language, browser, db):
    screen = Screen(browser.new_page(viewport={"width": PHONE, "height": 740}))
    with opened("home", replace(PAGES["home"][0], language=language)) as (client, answer):
        screen.show(client, answer)
        box = screen.page.locator("main .button").first.bounding_box()
    screen.page.close()
    assert box["y"] + box["height"] < 740


@pytest.mark.parametrize("language", ["ms", "en"])
def test_a_bank_is_chosen_within_a_thumbs_scroll(language, browser, db):
    """However many banks there are: they lie in a drop-down, and the button is near it."""
    make_town()
    screen = Screen(browser.new_page(viewport={"width": PHONE, "height": 740}))
    visit = replace(PAGES["payments:choose_bank"][0], language=language)
    with opened("payments:choose_bank", visit) as (client, answer):
        screen.show(client, answer)
        bank, button = (
            screen.page.locator(place).bounding_box() for place in ("main select", "main .button")
        )
    screen.page.close()
    assert bank["y"] + bank["height"] < 740
    assert button["y"] + button["height"] < 1.25 * 740


def test_every_error_is_clean(browser, db):
    screen = Screen(browser.new_page())
    wrong = []
    for status, act in ERRORS:
        with gone_wrong(act) as (client, answer):
            assert answer.status_code == status
            screen.show(client, answer, last="main .button")
            wrong += [f"{act.__name__}: {found}" for found in complaints(screen)]
    screen.page.close()
    assert "\n".join(wrong) == ""
