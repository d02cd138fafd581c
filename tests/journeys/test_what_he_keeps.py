"""What a driver keeps after he has paid: mail, PDF, calendar, card, the page that checks it."""

import hashlib
import re
import subprocess
import sys
from io import BytesIO
from types import SimpleNamespace

import pytest
import requests
from playwright.sync_api import expect
from pypdf import PdfReader

from development.stack import ROOT
from tests.journeys.payer import ready
from tests.journeys.walk import Walk
from tests.receipts.scanned import printed, scanned, shown

pytestmark = pytest.mark.proof


def run(portal, *command):
    """What a program says that works on the running portal's data."""
    return subprocess.run(
        [sys.executable, "-m", *command],
        cwd=ROOT,
        env=portal.environment,
        check=True,
        capture_output=True,
        text=True,
    ).stdout


@pytest.fixture
def driver(portal, open_page):
    """On the bank's page of a contribution that he owes."""
    (made,) = ready(portal, 1)
    page = open_page()
    name, value = made["cookie"]
    page.context.add_cookies([{"name": name, "value": value, "url": portal.portal_url}])
    person = SimpleNamespace(email=made["email"])
    walk = Walk(page, portal.portal_url, portal.sandbox_url, person)
    page.goto(portal.portal_url + made["path"])
    walk.choose_bank("SBI Bank A")
    walk.press("Bayar dengan FPX")
    walk.pay_at_the_bank(has_script=True)
    return walk


def attachments(portal, email, subject):
    """The files of his newest mail with that subject, by name."""
    rows = requests.get(f"{portal.sandbox_url}/mail/api/inbox", {"to": email}, timeout=10).json()
    letter = next(one for one in rows["letters"] if re.search(subject, one["subject"]))
    files = {}
    for number in (1, 2):
        address = f"{portal.sandbox_url}/mail/{letter['id']}/{number}/"
        answer = requests.get(address, timeout=10)
        answer.raise_for_status()
        name = re.search('filename="(.+)"', answer.headers["Content-Disposition"]).group(1)
        files[name] = answer.content
    return files


def test_the_journey_ends_with_all_that_he_keeps(portal, driver, database, open_page):
    kept = driver.download_receipt().path().read_bytes()
    text = " ".join(PdfReader(BytesIO(kept)).pages[0].extract_text().split())
    number = re.search(r"SPS-\d{4}-\d{8}", text).group()
    row = database.execute(
        "SELECT sha256, code, coverage_ends_at FROM receipts_receipt WHERE number = %s",
        [number],
    ).fetchone()
    sha256, code, ends_at = row
    assert hashlib.sha256(kept).hexdigest() == sha256

    # The mail brings the same bytes, and the end of cover for the calendar.
    driver.open_mail(number).close()
    files = attachments(portal, driver.person.email, number)
    assert files[f"{number}.pdf"] == kept
    assert f"DTSTART:{ends_at:%Y%m%dT%H%M%SZ}".encode() in files["tamat.ics"]

    # An officer scans the mailed paper's QR code, without a log-in.
    officer = open_page(has_script=False)
    address = scanned(printed(files[f"{number}.pdf"]))
    officer.goto(address)
    expect(officer.locator("main")).to_contain_text("Resit ini sah")
    expect(officer.locator("main")).to_contain_text(number)

    # Or he types what stands beside it.
    written = re.search(r"(?:[0-9A-Z]{5}-){4}[0-9A-Z]{5}", text).group()
    assert written.replace("-", "") == code
    officer.goto(f"{portal.portal_url}/r/")
    officer.get_by_label("Kod pengesahan").fill(written.lower())
    officer.get_by_role("button", name="Semak").click()
    expect(officer.locator("main")).to_contain_text("Resit ini sah")
    expect(officer.locator("main")).to_contain_text(number)
    assert officer.url == address == f"{portal.portal_url}/r/{code}/"

    # The card shows the same, on a screen; the page before it brings the calendar's file as well.
    driver.page.goto(f"{portal.portal_url}/saya/")
    with driver.page.expect_download() as download:
        driver.press("Simpan tarikh tamat dalam kalendar")
    assert download.value.path().read_bytes() == files["tamat.ics"]
    driver.press("Tunjukkan kad perlindungan")
    driver.sees(number)
    assert scanned(shown(driver.page.screenshot(full_page=True))) == address

    # A week before the end the clock reminds him, and who else paid today, once, by mail and SMS.
    assert int(run(portal, "tests.journeys.remind", number)) >= 1
    assert int(run(portal, "tests.journeys.remind", number)) == 0
    driver.open_mail("Perlindungan anda tamat pada").close()
    await_state(driver.page, database, "contributions.send_reminder_sms", "delivered_at")
    await_state(driver.page, database, "contributions.send_reminder", "sent_at")


def await_state(page, database, kind, column):
    """The desk sees the message come so far."""
    for _ in range(60):
        query = (
            f"SELECT {column} FROM foundation_outboxrow WHERE kind = %s ORDER BY id DESC LIMIT 1"
        )
        row = database.execute(query, [kind]).fetchone()
        if row and row[0]:
            return
        page.wait_for_timeout(500)
    raise AssertionError(f"{kind} has no {column}")
