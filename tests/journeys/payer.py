"""A driver who owes a contribution: from the bank's name to the bank, and home again."""

import json
import subprocess
import sys
from itertools import count

import requests
from playwright.sync_api import expect

from development.stack import ROOT
from tests.journeys.walk import Walk

_numbers = count()  # nobody is asked to pay twice


def ready(portal, how_many):
    """So many drivers, each with what opens their session and the page where they choose a bank."""
    first, *_others = [next(_numbers) for _driver in range(how_many)]
    command = [sys.executable, "-m", "tests.journeys.ready", str(how_many), "--first", str(first)]
    made = subprocess.run(
        command, cwd=ROOT, env=portal.environment, check=True, capture_output=True, text=True
    )
    drivers = json.loads(made.stdout)
    # A portal that has run for a minute has a list of banks, whichever scenario comes first.
    cookies = dict([drivers[0]["cookie"]])
    requests.get(portal.portal_url + drivers[0]["path"], cookies=cookies, timeout=30)
    return drivers


def seated(portal, made, open_page, *, has_script=False):
    """A driver who is signed in, in a browser without script unless told."""
    page = open_page(has_script=has_script)
    cookie, value = made["cookie"]
    page.context.add_cookies([{"name": cookie, "value": value, "url": portal.portal_url}])
    return Walk(page, portal.portal_url, portal.sandbox_url, person=None), made


def pay(driver, path):
    """From the bank's name to where the bank lets him go."""
    reference = go_to_bank(driver, path)
    driver.page.get_by_label("Nama pengguna").fill("1234")
    driver.page.get_by_label("PIN").fill("1234")
    driver.press("Log masuk")
    driver.press("Sahkan bayaran")
    return reference


def go_to_bank(driver, path):
    """From the bank's name to the bank's first page."""
    driver.page.goto(driver.portal_url + path)
    driver.choose_bank("SBI Bank A")
    driver.press("Bayar dengan FPX")
    driver.page.wait_for_url("**/pergi/")
    reference = driver.page.url.rstrip("/").split("/")[-2]
    driver.press("Teruskan ke bank")
    return reference


def come_back(driver, reference):
    """By the bank's button if it shows one; else he opens the payment himself."""
    button = driver.page.get_by_role("button", name="Kembali ke portal")
    left_alone = driver.page.get_by_role("heading", name="Anda boleh menutup halaman ini")
    expect(button.or_(left_alone)).to_be_visible()  # the page may look again by itself
    if button.count():
        button.click()
    else:
        driver.page.goto(f"{driver.portal_url}/bayaran/{reference}/")


def settles_on(driver, heading):
    """The page says so within twenty seconds of looking again."""
    for _look in range(40):
        if heading in driver.page.locator("h1").inner_text():
            return
        driver.page.wait_for_timeout(500)
        driver.page.reload()
    expect(driver.page.locator("h1")).to_contain_text(heading)
