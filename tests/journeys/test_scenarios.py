"""Whatever FPX and the bank do, the payer ends on the page of the right status, with its rows."""

import re
from dataclasses import dataclass

import pytest
from playwright.sync_api import expect

from tests.journeys.payer import come_back, go_to_bank, pay, ready, seated, settles_on

PAID, UNFINISHED, LOOKED_INTO, WAITING, FAILED, CANCELLED = (
    "Bayaran berjaya",
    "Anda belum selesai di",
    "Bayaran sedang disemak oleh pegawai",
    "Bayaran sedang disahkan",
    "Bayaran tidak berjaya",
    "Bayaran dibatalkan",
)


@dataclass(frozen=True)
class End:
    """How a scenario ends: the page, the payment's status, cases.

    `asks` presses Semak status; `leaves` opens his payment without having answered the bank.
    """

    page: str = PAID
    status: str = "succeeded"
    cases: int = 0
    asks: bool = False
    leaves: bool = False
    first: str = ""

    @property
    def receipts(self):
        return int(self.status == "succeeded")


SCENARIOS = {
    "normal": End(),
    "cancelled": End(CANCELLED, "failed"),
    "insufficient_funds": End(FAILED, "failed"),
    "pending_then_success": End(first=WAITING),
    "direct_only": End(),
    "indirect_only": End(),
    "neither": End(first=UNFINISHED, asks=True),
    "indirect_first": End(),
    "five_times": End(),
    "delayed": End(),
    "amount_changed": End(LOOKED_INTO, "started", cases=1),
    "wrong_key": End(first=UNFINISHED, asks=True),
    "lower_case_hex": End(),
    "bank_list_down": End(),
    "enquiry_down": End(UNFINISHED, "started"),
}
PROVED = {  # slower, or of the same kinds as some above
    "pending_then_failed": End(FAILED, "failed", first=WAITING),
    "awaiting_approval": End(first=WAITING),
    "amount_tampered": End(first=UNFINISHED, asks=True),
    "abandoned": End(FAILED, "failed", first=UNFINISHED, leaves=True),
    "request_lost": End(UNFINISHED, "started", asks=True, leaves=True),
}
ENDS = SCENARIOS | PROVED


@pytest.fixture(scope="module")
def drivers(portal):
    """A driver for each scenario, who owes a month of plan 1."""
    names = [*ENDS, "worker stopped"]
    return dict(zip(names, ready(portal, len(names)), strict=True))


@pytest.mark.parametrize(
    "name", [*SCENARIOS, *(pytest.param(name, marks=pytest.mark.proof) for name in PROVED)]
)
def test_a_scenario_ends_on_its_page(name, portal, drivers, choose_scenario, open_page, database):
    end = ENDS[name]
    driver, made = seated(portal, drivers[name], open_page)
    choose_scenario(name)
    if end.leaves:
        reference = go_to_bank(driver, made["path"])
        driver.page.goto(f"{driver.portal_url}/bayaran/{reference}/")
    else:
        reference = pay(driver, made["path"])
        come_back(driver, reference)
    expect(driver.page).to_have_url(re.compile(reference))
    if end.first:
        driver.sees(end.first)
    if end.asks:
        driver.press("Semak status")
    settles_on(driver, end.page)
    assert rows(database, reference, made["contribution"]) == {
        "status": end.status,
        "receipts": end.receipts,
        "periods": end.receipts,
        "cases": end.cases,
    }


def rows(database, reference, contribution):
    """What stands in the database about the payment."""
    counts = """
        SELECT p.status,
            (SELECT count(*) FROM receipts_receipt WHERE contribution_id = %(id)s) AS receipts,
            (SELECT count(*) FROM contributions_coverageperiod WHERE contribution_id = %(id)s)
                AS periods,
            (SELECT count(*) FROM payments_paymentcase WHERE payment_id = p.id) AS cases
        FROM payments_payment p WHERE p.reference = %(reference)s
    """
    cursor = database.execute(counts, {"id": contribution, "reference": reference})
    names = [column.name for column in cursor.description]
    return dict(zip(names, cursor.fetchone(), strict=True))


def test_with_the_worker_stopped_the_receipt_is_a_page(portal, drivers, open_page):
    driver, made = seated(portal, drivers["worker stopped"], open_page)
    portal.stop("worker")
    try:
        come_back(driver, pay(driver, made["path"]))
        driver.sees(PAID)
        driver.page.goto(f"{portal.portal_url}/resit/")
        driver.page.locator("main a[href*='/resit/']").first.click()
        driver.sees("RM13.10")
        assert driver.named("Muat turun resit").count() == 0
    finally:
        portal.start("worker")
    for _second in range(60):
        if driver.named("Muat turun resit").count():
            break
        driver.page.wait_for_timeout(1000)
        driver.page.reload()
    with driver.page.expect_download() as waiting:
        driver.press("Muat turun resit")
    assert waiting.value.suggested_filename.endswith(".pdf")
