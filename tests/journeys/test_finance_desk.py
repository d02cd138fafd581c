"""Money taken twice: its payer asks for it, two officers give it back, and he sees each step."""

from datetime import timedelta

import pytest
from django.conf import settings
from django.test import Client
from django.urls import reverse
from django.utils import timezone
from playwright.sync_api import expect

from payments.models import PaymentCase, Refund, SettlementFile
from tests.factories import (
    make_contribution,
    make_double_payment,
    make_officer,
    make_registration,
    make_settlement_file,
    make_user,
    settlement_line,
)
from tests.staff.desk import freshly_seated, seated

pytestmark = pytest.mark.proof


@pytest.fixture
def case(transactional_db):
    """Aminah's bank took the money of one contribution twice."""
    at = timezone.now() - timedelta(hours=2)
    registration = make_registration(make_user("Aminah binti Ali"), at=at)
    return make_double_payment(make_contribution(registration, at=at), at=at)


@pytest.fixture
def browse(open_page, live_server):
    """Opens a page of the portal in the browser of whoever the test client is."""

    def opened(client, path, width=360):
        page = open_page(width=width)
        name = settings.SESSION_COOKIE_NAME
        cookie = {"name": name, "value": client.cookies[name].value, "url": live_server.url}
        page.context.add_cookies([cookie])
        page.goto(live_server.url + path)
        return page

    return opened


def driver_of(case):
    client = Client()
    client.force_login(case.payment.contribution.registration.user)
    return client


def officer_at(name, seat=seated):
    client = Client()
    seat(client, make_officer(name))
    return client


def payment_page(case):
    return reverse("payments:payment", args=[case.payment.reference])


def press(page, words):
    page.get_by_role("button", name=words, exact=True).click()


def test_her_money_comes_back(case, browse):
    phone = browse(driver_of(case), payment_page(case))
    phone.get_by_role("link", name="Pilih", exact=True).click()
    phone.get_by_text("Pulangkan wang saya").click()
    press(phone, "Hantar pilihan")
    expect(phone.locator("main")).to_contain_text("Anda memilih bayaran balik")

    rohani = browse(officer_at("Puan Rohani"), reverse("admin:index"), width=1280)
    rohani.get_by_role("link", name="Kes kewangan menunggu").click()
    rohani.get_by_role("link", name="Buka Dibayar dua kali").click()
    expect(rohani.locator("#content")).to_contain_text("Aminah binti Ali")
    rohani.get_by_label("Sebab bayaran balik").fill("Dibayar dua kali")
    press(rohani, "Minta bayaran balik")
    expect(rohani.locator("#content")).to_contain_text("Pegawai lain mesti meluluskan")

    selvam = browse(officer_at("Encik Selvam", freshly_seated), reverse("admin:index"), width=1280)
    selvam.get_by_role("link", name="Bayaran balik menunggu kelulusan").click()
    selvam.get_by_role("link", name="Buka Dibayar dua kali").click()
    press(selvam, "Luluskan bayaran balik")
    expect(selvam.locator(".messagelist")).to_contain_text("Bayaran balik diluluskan")

    rohani.reload()
    for step in ("Telah dihantar kepada bank", "Telah dipulangkan"):
        rohani.get_by_label("Rujukan portal bank, atau sebab").fill("WV-2026-7")
        press(rohani, step)
        expect(rohani.locator(".messagelist")).to_contain_text("Langkah direkodkan")
    expect(rohani.locator("#content")).to_contain_text("Wang dipulangkan")

    phone.reload()
    expect(phone.locator("h1")).to_have_text("Wang anda telah dipulangkan")
    expect(phone.locator("main")).to_contain_text("Bank telah memulangkan wang")
    assert Refund.objects.get().status == "done"


def test_without_fresh_digits_nobody_approves(case, browse):
    rohani = officer_at("Puan Rohani")
    page = browse(rohani, reverse("admin:payments_paymentcase_review", args=[case.pk]), width=1280)
    page.get_by_label("Sebab bayaran balik").fill("Dibayar dua kali")
    press(page, "Minta bayaran balik")
    selvam = officer_at("Encik Selvam")
    page = browse(selvam, reverse("admin:payments_paymentcase_review", args=[case.pk]), width=1280)
    press(page, "Luluskan bayaran balik")
    expect(page.locator("h1")).to_have_text("Sahkan bahawa ini anda")
    assert Refund.objects.get().status == "requested"


def test_she_keeps_it_as_her_next_month(case, browse):
    phone = browse(driver_of(case), payment_page(case))
    phone.get_by_role("link", name="Pilih", exact=True).click()
    phone.get_by_text("Gunakan untuk tempoh perlindungan seterusnya").click()
    press(phone, "Hantar pilihan")
    expect(phone.locator("h1")).to_have_text("Tempoh seterusnya telah dibayar")
    phone.get_by_role("link", name="Lihat resit tempoh seterusnya").click()
    expect(phone.locator("main")).to_contain_text("SPS-")
    assert PaymentCase.objects.get().resolution == "next_period"


def test_a_settlement_file_is_brought_and_its_stranger_is_a_case(case, browse):
    desk = browse(officer_at("Puan Rohani"), reverse("admin:index"), width=1280)
    desk.get_by_role("link", name="Muat naik fail penyelesaian").click()
    stranger = settlement_line(case.payment, number=1, order="TIDAKDIKENALI")
    day = stranger.split(",")[3][:8]
    raw = make_settlement_file(settlement_line(case.payment), stranger, day=day)
    file = {"name": "hari.csv", "mimeType": "text/csv", "buffer": raw}
    desk.get_by_label("Fail penyelesaian (CSV)").set_input_files(file)
    press(desk, "Baca fail")
    expect(desk.locator("#content")).to_contain_text("TIDAKDIKENALI")
    desk.get_by_role("link", name="Kes yang dibuka daripada fail penyelesaian").click()
    expect(desk.locator("#result_list")).to_contain_text("unknown")
    assert SettlementFile.objects.get().line_count == 2
