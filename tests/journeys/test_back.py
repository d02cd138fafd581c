"""After a mistake on each kind of page Back shows a page, and never asks to send a form again."""

import re

import pytest
from playwright.sync_api import expect

from tests.journeys.walk import Person, Walk

pytestmark = pytest.mark.proof
PEOPLE = {
    True: Person("Siti Hajar binti Musa", "840312-10-5528", "012-345 6783", "siti.hajar@contoh.my"),
    False: Person("Lee Wei Han", "810722-07-5333", "011-1234 5674", "wei.han@contoh.my"),
}


class Erring(Walk):
    """Sends each page empty before filling it in, and looks back from the page after it."""

    def err(self, label="Seterusnya"):
        self.page.locator("main").wait_for()
        here = self.page.url
        self.press(label)
        expect(self.page.get_by_role("alert")).to_contain_text("Ada masalah")
        assert self.page.url == here
        return here

    def look_back(self):
        """From a page that came after a mistake, one step and forward again."""
        expect(self.page.get_by_role("alert")).to_have_count(0)
        here, heading = self.page.url, self.page.locator("h1").inner_text()
        for _step in range(2):
            self.page.go_back()
            expect(self.page.locator("main")).to_be_visible()
        self.page.goto(here)
        expect(self.page.locator("h1")).to_have_text(heading)

    def prove_phone(self):
        self.err()
        super().prove_phone()
        self.look_back()

    def ask_for_an_account(self):
        self.page.goto(self.portal_url)
        self.press("Log masuk")
        self.press("Kali pertama? Daftar akaun iPERKESO?")
        self.type_in("Nama penuh", self.person.full_name)
        self.err()
        expect(self.page.get_by_label("Nama penuh")).to_have_value(self.person.full_name)
        super().ask_for_an_account()
        self.sees("Kod OTP")
        self.look_back()

    def choose_service(self):
        self.tick("E-hailing")
        self.err()
        super().choose_service()
        self.sees("Status kewarganegaraan")
        self.look_back()

    def fill_details(self):
        self.type_in("Bandar", "Kajang")
        self.err()
        expect(self.page.get_by_label("Bandar")).to_have_value("Kajang")
        super().fill_details()
        self.sees("Lesen memandu")
        self.look_back()

    def choose_document(self, kind):
        self.err()
        super().choose_document(kind)
        expect(self.page.locator("input[type=file]")).to_be_attached()
        self.look_back()

    def upload(self, kind, number):
        self.type_in("Tahun", "2030")
        self.err()
        super().upload(kind, number)
        expect(self.page).to_have_url(re.compile(r"dokumen/$|pelan"))
        self.look_back()


@pytest.mark.parametrize("has_script", [True, False], ids=["script", "no-script"])
def test_back_after_a_mistake_shows_a_page(portal, open_page, has_script):
    page = open_page(has_script=has_script)
    driver = Erring(page, portal.portal_url, portal.sandbox_url, PEOPLE[has_script])
    driver.sign_up()
    mail = driver.open_mail("Aktifkan akaun anda")
    page.goto(mail.get_by_role("link", name="disini", exact=True).get_attribute("href"))
    mail.close()
    driver.err()
    for label, typed in [
        ("Ungkapan Rahsia", driver.person.phrase),
        ("Kata Laluan", driver.person.password),
        ("Pengesahan Kata Laluan", driver.person.password),
    ]:
        driver.type_in(label, typed)
    driver.press("Seterusnya")
    driver.arrives("/log-masuk/")
    driver.look_back()
    driver.err()
    driver.type_in("Nombor kad pengenalan", driver.person.ic_number)
    driver.press("Seterusnya")
    driver.sees(driver.person.phrase)
    driver.look_back()
    driver.err("Log Masuk")
    driver.type_in("Kata Laluan", driver.person.password)
    driver.press("Log Masuk")
    driver.press("Saya bekerja sendiri")
    driver.sees("Daftar")
    driver.look_back()
    driver.register()
    driver.err()
    driver.tick("RM13.10")
    driver.press("Seterusnya")
    driver.sees("Semak sebelum hantar dan bayar")
    driver.look_back()
    driver.err("Hantar & bayar")
    driver.tick(".")
    driver.press("Hantar & bayar")
    driver.sees("Pilih bank")
    driver.look_back()
    driver.err("Bayar dengan FPX")
    driver.choose_bank("SBI Bank A")
    driver.press("Bayar dengan FPX")
    driver.pay_at_the_bank(has_script=has_script)
    driver.sees("Bayaran berjaya")
