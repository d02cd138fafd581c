"""The SMS gateway is away or slow: whoever waits for a code still gets in."""

import re

import pytest

from tests.journeys.walk import Person, Walk

pytestmark = pytest.mark.proof
CHANDRAN = Person("Chandran a/l Maniam", "840923-08-6217", "019-222 3341", "chandran@contoh.my")
DEVI = Person("Devi a/p Raju", "910417-10-5448", "019-222 3342", "devi@contoh.my")
BOON = Person("Tan Boon Hock", "880812-07-5119", "019-222 3343", "boonhock@contoh.my")
FAILED_SENDS = "SELECT count(*) FROM foundation_outboxrow WHERE kind = %s AND last_error <> ''"


@pytest.fixture
def walk(portal, open_page):
    """A person with a telephone without script."""

    def begin(person):
        page = open_page(has_script=False)
        return Walk(page, portal.portal_url, portal.sandbox_url, person)

    return begin


def test_a_code_waits_for_the_gateway(walk, choose_scenario, database):
    driver = walk(CHANDRAN)
    choose_scenario("sms_down")
    driver.ask_for_an_account()
    driver.sees("Kod OTP")
    for _look in range(60):
        [failed] = database.execute(FAILED_SENDS, ["accounts.send_code"]).fetchone()
        if failed:
            break
        driver.page.wait_for_timeout(500)
    assert failed
    choose_scenario("normal")
    driver.prove_phone()


def test_a_late_code_counts(walk, choose_scenario):
    driver = walk(DEVI)
    choose_scenario("sms_late", seconds=8)
    driver.ask_for_an_account()
    driver.prove_phone()


def test_after_two_texts_that_never_came_a_code_is_mailed(walk, choose_scenario):
    at_home = walk(BOON)
    at_home.sign_up()
    at_home.open_account()
    driver = walk(BOON)  # another browser, which the portal does not know
    choose_scenario("sms_down")
    driver.enter_password()
    driver.press("Tidak terima kod?")
    driver.page.wait_for_timeout(61_000)  # one text a minute
    driver.press("Hantar kod baharu")
    driver.press("Tidak terima kod?")
    driver.press("Hantar kod melalui e-mel")
    mail = driver.open_mail("Kod OTP anda")
    code = re.search(r"\b\d{6}\b", mail.locator("main").inner_text()).group()
    mail.close()
    driver.type_in("Kod OTP", code)
    driver.press("Seterusnya")
    driver.press("Saya bekerja sendiri")
    driver.sees("Selamat datang")
