"""One driver, two tabs: FPX answers an order that comes twice with a page that leads nowhere.

So the order goes out once, the other tab says how it stands, and both come home.
"""

import pytest
from playwright.sync_api import expect

from tests.journeys.payer import ready, seated, settles_on

UNFINISHED = "Anda belum selesai di SBI Bank A"


@pytest.fixture(params=[True, False], ids=["script", "no-script"])
def driver(request, portal, open_page):
    """In a browser with script, or without."""
    (made,) = ready(portal, 1)
    walk, made = seated(portal, made, open_page, has_script=request.param)
    walk.has_script, walk.path = request.param, made["path"]
    return walk


@pytest.fixture
def tabs(driver):
    """Both on the page where the bank is chosen, with SBI Bank A chosen."""
    second = type(driver)(
        driver.page.context.new_page(), driver.portal_url, driver.sandbox_url, driver.person
    )
    for tab in (driver, second):
        tab.page.goto(driver.portal_url + driver.path)
        tab.choose_bank("SBI Bank A")
    return driver, second


def test_an_order_goes_to_the_bank_once_from_two_tabs(driver, tabs):
    first, second = tabs
    first.press("Bayar dengan FPX")
    expect(first.page.locator("h1")).not_to_have_text("Pilih bank")
    second.press("Bayar dengan FPX")
    expect(second.page.locator("h1")).to_have_text(UNFINISHED)
    first.pay_at_the_bank(has_script=driver.has_script)
    first.sees("Bayaran berjaya")
    if not driver.has_script:
        second.press("Lihat semula")
    second.sees("Bayaran berjaya")


def test_back_from_the_bank_says_how_it_stands(driver, tabs):
    first, _second = tabs
    first.press("Bayar dengan FPX")
    if not driver.has_script:
        first.press("Teruskan ke bank")
    expect(first.page.get_by_label("PIN")).to_be_visible()
    first.page.go_back()
    if first.page.url.endswith("/bank/"):
        first.page.go_forward()
    settles_on(first, UNFINISHED)


def test_whoever_never_reached_the_bank_is_led_there_again(driver, tabs, choose_scenario):
    """FPX was away for a moment; what it has not seen it may be sent again."""
    first, second = tabs
    choose_scenario("request_lost")
    first.press("Bayar dengan FPX")
    if not driver.has_script:
        first.press("Teruskan ke bank")
    first.page.get_by_role("heading", name="Service Unavailable").wait_for()
    choose_scenario("normal")
    second.press("Bayar dengan FPX")
    expect(second.page.locator("h1")).to_have_text(UNFINISHED)
    second.press("Semak status")
    second.press("Teruskan ke bank")
    second.pay_at_the_bank(has_script=driver.has_script)
    second.sees("Bayaran berjaya")
