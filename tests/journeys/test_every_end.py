"""Each page on which a payment ends, at 360 px, with script and without, in both languages.

The last page says what is true, in one box, has a way on, fits the phone, and is clean under axe.
"""

import pytest
from axe_playwright_python.sync_playwright import Axe
from django.utils.translation import gettext, override
from playwright.sync_api import expect

from tests.journeys.payer import ready, seated
from tests.journeys.test_every_page import RULES
from tests.journeys.test_scenarios import CANCELLED, ENDS, FAILED, LOOKED_INTO, PAID, UNFINISHED
from tests.journeys.walk import Walk

pytestmark = pytest.mark.proof
SEEN = {  # the words of a page as the catalogue has them, and what leads on from it
    PAID: (["Bayaran berjaya", "Nombor resit"], ["Lihat resit"]),
    UNFINISHED: (
        [
            "Anda belum selesai di %(bank)s",
            "Jika halaman bank masih terbuka, selesaikan di sana. Jangan bayar sekali lagi.",
        ],
        ["Semak status"],
    ),
    LOOKED_INTO: (
        [
            "Bayaran sedang disemak oleh pegawai",
            "Jawapan FPX tentang bayaran ini tidak sepadan dengan rekod kami.",
        ],
        ["Pilih bank semula"],
    ),
    FAILED: (
        ["Bayaran tidak berjaya", "Tiada caruman direkodkan bagi bayaran ini."],
        ["Cuba lagi", "Semak status"],
    ),
    CANCELLED: (
        [
            "Bayaran dibatalkan",
            "Anda membatalkan bayaran di laman bank. Tiada caruman direkodkan bagi bayaran ini.",
        ],
        ["Pilih bank semula", "Semak status"],
    ),
}
DO_NOT_PAY = {"ms": "Jangan bayar sekali lagi", "en": "Do not pay again"}
TO_PAY_AGAIN = ["Pilih bank semula", "Cuba lagi"]
# One for each page, and one that changes under its reader; test_scenarios walks them all once.
NAMES = [
    *("normal", "cancelled", "insufficient_funds"),
    *("pending_then_success", "amount_changed", "request_lost"),
]
WALKS = [
    pytest.param(name, language, has_script, id=f"{name}-{language}-{how}")
    for name in NAMES
    for language in ("ms", "en")
    for has_script, how in ((True, "script"), (False, "no-script"))
]


class Payer(Walk):
    """Reads the portal in one of its languages; the bank's pages have one."""

    def __init__(self, walk, language, *, has_script):
        super().__init__(walk.page, walk.portal_url, walk.sandbox_url, walk.person)
        self.language, self.has_script = language, has_script

    def said(self, words):
        with override(self.language):
            return gettext(words).replace("%(bank)s", "SBI Bank A")

    def offers(self, ways):
        return any(self.named(self.said(way)).count() for way in ways)

    def press_here(self, words):
        self.press(self.said(words))

    def go_to_bank(self, path):
        self.page.goto(self.portal_url + ("/en" if self.language == "en" else "") + path)
        label = self.said("Pilih bank anda")
        self.page.get_by_label(label).select_option(label="SBI Bank A")
        self.press_here("Bayar dengan FPX")
        if not self.has_script:
            self.press_here("Teruskan ke bank")
        self.page.wait_for_url(lambda url: not url.startswith(self.portal_url))

    def pay(self):
        self.page.get_by_label("Nama pengguna").fill("1234")
        self.page.get_by_label("PIN").fill("1234")
        self.press("Log masuk")
        self.press("Sahkan bayaran")

    def come_back(self, payment):
        """By the bank's page, which script sends; where it does not, they open the payment."""
        left_alone = self.page.get_by_role("heading", name="Anda boleh menutup halaman ini")
        button = self.page.get_by_role("button", name="Kembali ke portal")
        home = self.page.locator("main .facts") if self.has_script else button
        expect(left_alone.or_(home).first).to_be_visible()
        if left_alone.count():
            self.open(payment)
        elif not self.has_script:
            button.click()

    def open(self, payment):
        prefix = "/en" if self.language == "en" else ""
        self.page.goto(f"{self.portal_url}{prefix}/bayaran/{payment}/")

    def ends_on(self, heading):
        """Script brings the page there by itself; without it they look again."""
        for _look in range(0 if self.has_script else 60):
            if heading in self.page.locator("h1").inner_text():
                break
            self.page.wait_for_timeout(500)
            self.page.reload()
        expect(self.page.locator("h1")).to_contain_text(heading, timeout=40_000)


@pytest.fixture(scope="module")
def drivers(portal):
    return iter(ready(portal, len(WALKS)))


@pytest.fixture
def axe(browser, portal):
    """What axe says of the driver's page, in a browser whose policy lets axe try its styles."""

    def look(page):
        context = browser.new_context(
            viewport=page.viewport_size, bypass_csp=True, storage_state=page.context.storage_state()
        )
        seen = context.new_page()
        seen.goto(page.url)
        found = Axe().run(seen, options=RULES).response["violations"]
        context.close()
        return [violation["id"] for violation in found]

    return look


@pytest.mark.parametrize(("name", "language", "has_script"), WALKS)
def test_an_end_is_true_and_leads_on(
    name, language, has_script, portal, drivers, choose_scenario, open_page, database, axe
):
    end, made = ENDS[name], next(drivers)
    walk, _made = seated(portal, made, open_page, has_script=has_script)
    driver = Payer(walk, language, has_script=has_script)
    choose_scenario(name)
    driver.go_to_bank(made["path"])
    payment = newest(database, made["contribution"])
    if end.leaves:
        driver.open(payment)
    else:
        driver.pay()
        driver.come_back(payment)
    if end.asks:
        driver.press_here("Semak status")
    words, ways = SEEN[end.page]
    driver.ends_on(driver.said(words[0]))
    assert list(wrongs(driver, words, ways)) == []
    assert axe(driver.page) == []


def newest(database, contribution):
    """The reference of the last attempt."""
    query = "SELECT reference FROM payments_payment WHERE contribution_id = %s ORDER BY id DESC"
    return database.execute(query, [contribution]).fetchone()[0]


def wrongs(driver, words, ways):
    """What an end page must not be without, and what it must not have."""
    page = driver.page
    text = " ".join(page.locator("main").inner_text().split())
    for said in map(driver.said, words):
        if said not in text:
            yield f"does not say: {said}"
    if not driver.offers(ways):
        yield f"no way on: {ways}"
    if page.locator("main .panel").count() != 1:
        yield "not one box"
    if DO_NOT_PAY[driver.language] in text and driver.offers(TO_PAY_AGAIN):
        yield "do not pay, and pay"
    if page.evaluate("document.documentElement.scrollWidth") > page.viewport_size["width"]:
        yield "scrolls sideways"
