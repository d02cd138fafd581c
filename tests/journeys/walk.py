"""A driver at his phone: he knows the guide's labels, reads his SMS and his mail, and pays."""

import re
from dataclasses import dataclass

from playwright.sync_api import Download, Locator, Page, expect

from tests.registration.files import picture

PHOTO = {"name": "lesen.jpg", "mimeType": "image/jpeg", "buffer": picture()}


@dataclass(frozen=True)
class Person:
    """Who walks."""

    full_name: str
    ic_number: str
    phone: str
    email: str
    phrase: str = "durian hujan petang"
    password: str = "kereta merah di tepi sungai"


class Walk:
    """One person, one browser, one portal."""

    def __init__(self, page: Page, portal_url: str, sandbox_url: str, person: Person) -> None:
        self.page = page
        self.portal_url = portal_url
        self.sandbox_url = sandbox_url
        self.person = person

    # --- hands -----------------------------------------------------------------------------
    def named(self, label: str) -> Locator:
        """The one link or button that is called exactly so."""
        link = self.page.get_by_role("link", name=label, exact=True)
        return link.or_(self.page.get_by_role("button", name=label, exact=True)).first

    def press(self, label: str) -> None:
        self.named(label).click()

    def type_in(self, label: str, text: str) -> None:
        self.page.get_by_label(label, exact=True).fill(text)

    def tick(self, label: str) -> None:
        """Taps the label of a radio or check box, as a thumb does."""
        self.page.locator(".choice label").filter(has_text=re.compile(label)).first.click()

    def choose_bank(self, name: str) -> None:
        self.page.get_by_label("Pilih bank anda").select_option(label=name)

    def sees(self, text: str) -> None:
        expect(self.page.locator("main")).to_contain_text(text)

    def arrives(self, path: str) -> None:
        """Waits for the answer: who types the next address too early takes his press back."""
        expect(self.page).to_have_url(self.portal_url.rstrip("/") + path)

    # --- what he reads elsewhere -----------------------------------------------------------
    def code(self) -> str:
        """The newest code that came to his phone, waited for in another tab."""
        digits = re.sub(r"\D", "", self.person.phone)
        inbox = self.page.context.new_page()
        try:
            return _until(inbox, f"{self.sandbox_url}/sms/?to=6{digits}", r"\b(\d{6})\b")
        finally:
            inbox.close()

    def open_mail(self, subject: str) -> Page:
        """The newest mail with this subject, opened in another tab."""
        inbox = self.page.context.new_page()
        inbox.goto(f"{self.sandbox_url}/mail/?to={self.person.email}")
        for _ in range(60):
            link = inbox.get_by_role("link", name=re.compile(subject)).first
            if link.count():
                link.click()
                return inbox
            inbox.wait_for_timeout(500)
            inbox.reload()
        raise AssertionError(f"no mail called {subject}")

    # --- the guide -------------------------------------------------------------------------
    def sign_up(self) -> None:
        """Steps 1 to 5."""
        self.ask_for_an_account()
        self.prove_phone()

    def ask_for_an_account(self) -> None:
        """Up to the code."""
        person = self.person
        self.page.goto(self.portal_url)
        self.press("Log masuk")
        self.press("Kali pertama? Daftar akaun iPERKESO?")
        self.type_in("Nombor kad pengenalan", person.ic_number)
        self.type_in("Nama penuh", person.full_name)
        self.type_in("Nombor telefon bimbit", person.phone)
        self.type_in("Alamat e-mel", person.email)
        self.tick("Notis privasi")
        self.press("Seterusnya")

    def prove_phone(self) -> None:
        """With the code that came to it."""
        self.type_in("Kod OTP", self.code())
        self.press("Seterusnya")
        self.sees("e-mel")

    def open_account(self) -> None:
        """Steps 6 and 7."""
        mail = self.open_mail("Aktifkan akaun anda")
        self.page.goto(mail.get_by_role("link", name="disini", exact=True).get_attribute("href"))
        mail.close()
        self.type_in("Ungkapan Rahsia", self.person.phrase)
        self.type_in("Kata Laluan", self.person.password)
        self.type_in("Pengesahan Kata Laluan", self.person.password)
        self.press("Seterusnya")
        self.arrives("/log-masuk/")

    def log_in(self) -> None:
        """Steps 1 and 8 to 10."""
        self.enter_password()
        self.press("Saya bekerja sendiri")

    def enter_password(self) -> None:
        """Steps 1, 8 and 9."""
        self.page.goto(self.portal_url)
        self.press("Log masuk")
        self.type_in("Nombor kad pengenalan", self.person.ic_number)
        self.press("Seterusnya")
        self.sees(self.person.phrase)
        self.type_in("Kata Laluan", self.person.password)
        self.press("Log Masuk")

    def register(self) -> None:
        """Steps 11 and 12, up to the plan."""
        self.press("Daftar")
        self.choose_service()
        self.fill_details()
        self.upload("Lesen memandu", "D1234567")
        self.choose_document("Kad PSV")
        self.upload("Kad PSV", "PSV98765")

    def choose_service(self) -> None:
        self.tick("E-hailing")
        self.tick("Semenanjung")
        self.press("Seterusnya")

    def fill_details(self) -> None:
        self.tick("Warganegara")
        self.type_in("Alamat baris 1", "12 Jalan Melati")
        self.type_in("Poskod", "43000")
        self.type_in("Bandar", "Kajang")
        self.page.get_by_label("Negeri").select_option(label="Selangor")
        self.press("Seterusnya")

    def choose_document(self, kind: str) -> None:
        self.tick(kind)
        self.press("Seterusnya")

    def upload(self, kind: str, number: str) -> None:
        self.page.locator("input[type=file]").set_input_files(PHOTO)
        self.page.get_by_label(re.compile("Nombor|No")).first.fill(number)
        for part, text in [("Hari", "31"), ("Bulan", "12"), ("Tahun", "2030")]:
            self.type_in(part, text)
        self.press("Seterusnya")

    def renew(self) -> None:
        """Step 16, up to the plan."""
        self.press("Memperbaharui")
        self.tick("^Ya")
        self.press("Seterusnya")

    def log_out(self) -> None:
        self.press("Log keluar")
        self.arrives("/")

    def submit_and_pay(self, plan: str) -> None:
        """The end of step 12, and step 13 up to the bank."""
        self.tick(plan)
        self.press("Seterusnya")
        self.sees("Semak sebelum hantar dan bayar")
        self.tick(".")
        self.press("Hantar & bayar")
        self.choose_bank("SBI Bank A")
        self.press("Bayar dengan FPX")

    def pay_at_the_bank(self, *, has_script: bool) -> None:
        """What stands on the bank's own pages."""
        if not has_script:
            self.press("Teruskan ke bank")
        self.page.get_by_label(re.compile("pengguna", re.IGNORECASE)).fill("1234")
        self.page.get_by_label(re.compile("PIN")).fill("1234")
        self.page.get_by_role("button", name=re.compile("Log masuk", re.IGNORECASE)).click()
        self.press("Sahkan bayaran")
        if not has_script:
            self.press("Kembali ke portal")
        expect(self.page).to_have_url(re.compile(re.escape(self.portal_url)))

    def download_receipt(self) -> Download:
        """Step 14; the worker may still be drawing."""
        self.sees("Bayaran berjaya")
        for _ in range(60):
            if self.named("Muat turun resit").count():
                break
            self.page.wait_for_timeout(500)
            self.page.reload()
        with self.page.expect_download() as waiting:
            self.press("Muat turun resit")
        return waiting.value


def _until(inbox: Page, url: str, pattern: str) -> str:
    for _ in range(60):
        inbox.goto(url)
        found = re.search(pattern, inbox.locator("main").inner_text())
        if found:
            return found.group(1)
        inbox.wait_for_timeout(500)
    raise AssertionError(f"nothing like {pattern} at {url}")
