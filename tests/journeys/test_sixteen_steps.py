"""The guide's sixteen steps, by its labels only, on a phone; with script and without."""

import re
from datetime import UTC, datetime
from io import BytesIO
from pathlib import Path

import pytest
from pypdf import PdfReader

from tests.journeys.walk import Person, Walk

AMINAH = Person("Nur Ain binti Abdul Rahman", "880214-10-5526", "012-345 6781", "nur.ain@contoh.my")
BOON = Person("Tan Boon Keat", "790630-07-5331", "011-1234 5672", "boon@contoh.my")
STAMP = re.compile(r"(\d\d/\d\d/\d{4} \d\d:\d\d:\d\d)")


def text_of(path: Path) -> str:
    pages = PdfReader(BytesIO(path.read_bytes())).pages
    return " ".join(" ".join(page.extract_text() for page in pages).split())


def period(text: str) -> tuple[datetime, datetime]:
    """Start and end of cover as the receipt prints them: the two latest moments on it."""
    stamps = {datetime.strptime(f"{s} +0800", "%d/%m/%Y %H:%M:%S %z") for s in STAMP.findall(text)}
    start, end = sorted(stamps)[-2:]
    return start, end


@pytest.mark.parametrize(
    ("has_script", "person"), [(True, AMINAH), (False, BOON)], ids=["script", "no-script"]
)
def test_a_driver_registers_pays_and_renews(portal, open_page, has_script, person):
    page = open_page(has_script=has_script)
    driver = Walk(page, portal.portal_url, portal.sandbox_url, person)
    driver.sign_up()
    driver.open_account()
    driver.log_in()
    driver.register()
    driver.submit_and_pay(plan="RM13.10")
    driver.pay_at_the_bank(has_script=has_script)
    first = text_of(driver.download_receipt().path())
    number = re.search(r"SPS-\d{4}-\d{8}", first)
    assert number
    assert person.full_name.upper() in first.upper()
    assert person.ic_number in first
    assert "RM13.10" in first
    start, end = period(first)
    assert abs((datetime.now(UTC) - start).total_seconds()) < 24 * 3600
    assert start.time() == end.time()
    driver.log_out()

    driver.log_in()
    driver.renew()
    driver.submit_and_pay(plan="RM157.20")
    driver.pay_at_the_bank(has_script=has_script)
    second = text_of(driver.download_receipt().path())
    next_start, next_end = period(second)
    assert next_start == end
    assert next_end.year == end.year + 1
    assert number.group() not in second
