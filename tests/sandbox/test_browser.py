"""The pages in a real browser: on a small phone, with and without script, under axe."""

from collections.abc import Iterator
from email.message import EmailMessage
from html import escape

import pytest
from axe_playwright_python.sync_playwright import Axe
from playwright.sync_api import Browser, Page, expect

from tests.sandbox.world import World

pytestmark = pytest.mark.journey
WIDTHS = [320, 360, 1280]
OVERFLOW = "document.documentElement.scrollWidth - document.documentElement.clientWidth"


@pytest.fixture(params=[True, False], ids=["script", "no script"])
def page(world: World, browser: Browser, request: pytest.FixtureRequest) -> Iterator[Page]:
    context = browser.new_context(
        viewport={"width": 360, "height": 800}, java_script_enabled=request.param, bypass_csp=False
    )
    yield context.new_page()
    context.close()


def site(world: World) -> str:
    """The name under which browsers know it: another site than the portal's."""
    return f"http://localhost:{world.port}"


def send_to_bank(
    page: Page, world: World, path: str = "seller2DReceiver.jsp", **changes: str
) -> None:
    """Comes from the merchant's page with a signed request."""
    fields = "".join(
        f'<input type="hidden" name="{name}" value="{escape(value)}">'
        for name, value in world.request(**changes).items()
    )
    url = f"{site(world)}/FPXMain/{path}"
    page.goto("about:blank")  # a page that looks again by itself would come in between
    page.set_content(f'<form method="post" action="{url}">{fields}<button>Ke bank</button></form>')
    page.get_by_role("button", name="Ke bank").click()


def press(page: Page, label: str) -> None:
    page.get_by_role("button", name=label, exact=True).click()


def type_in(page: Page, user: str, pin: str) -> None:
    page.get_by_label("Nama pengguna", exact=True).fill(user)
    page.get_by_label("PIN", exact=True).fill(pin)
    press(page, "Log masuk")


def test_a_payer_pays(page, world, portal, request):
    send_to_bank(page, world)
    type_in(page, "1234", "9999")
    expect(page.get_by_role("alert")).to_contain_text("PIN salah")
    type_in(page, "1234", "1234")
    press(page, "Sahkan bayaran")
    if "no script" in request.node.name:
        press(page, "Kembali ke portal")
    expect(page).to_have_url(f"http://127.0.0.1:{portal.port}/bayaran/fpx/kembali/")
    assert portal.direct == portal.indirect


@pytest.mark.parametrize("page", [True], ids=["script"], indirect=True)
def test_a_late_answer_is_waited_for(page, world, portal):
    world.choose("delayed", 1)
    send_to_bank(page, world)
    type_in(page, "1234", "1234")
    press(page, "Sahkan bayaran")
    expect(page.get_by_role("heading", name="Sila tunggu")).to_be_visible()
    expect(page).to_have_url(f"http://127.0.0.1:{portal.port}/bayaran/fpx/kembali/")


@pytest.mark.parametrize("page", [True], ids=["script"], indirect=True)
def test_the_pages_are_accessible_and_fit(page, world):
    blocked = []
    page.on("console", lambda line: blocked.append(line.text) if line.type == "error" else None)
    for name, opened in PAGES.items():
        page.set_viewport_size({"width": 320, "height": 800})
        opened(page, world)
        found = Axe().run(page).response["violations"]
        assert [(name, violation["id"]) for violation in found] == []
        for width in WIDTHS:
            page.set_viewport_size({"width": width, "height": 800})
            assert page.evaluate(OVERFLOW) == 0, (name, width)
    refused = [line for line in blocked if "Failed to load resource" not in line]
    assert refused == []


def opens(path):
    return lambda page, world: page.goto(site(world) + path)


def open_log_in(page, world):
    send_to_bank(page, world)


def open_wrong_log_in(page, world):
    send_to_bank(page, world)
    type_in(page, "aminah", "1")


def open_confirmation(page, world):
    send_to_bank(page, world)
    type_in(page, "1234", "1234")


def open_close_page(page, world):
    world.choose("neither")
    open_confirmation(page, world)
    press(page, "Sahkan bayaran")
    world.choose("normal")


def open_wait_page(page, world):
    world.choose("delayed", 60)
    open_confirmation(page, world)
    press(page, "Sahkan bayaran")
    world.choose("normal", 0)


def open_way_back(page, world):
    page.route("**/go_back.js", lambda route: route.abort())
    open_confirmation(page, world)
    press(page, "Sahkan bayaran")
    expect(page.get_by_role("button", name="Kembali ke portal")).to_be_visible()
    page.unroute("**/go_back.js")


def open_exchange_list(page, world):
    send_to_bank(page, world, path="sellerNVPReceiver.jsp", buyerBankId="")


def open_wrong_choice(page, world):
    page.set_content(
        f'<form method="post" action="{site(world)}/senario/"><button>x</button></form>'
    )
    press(page, "x")


def open_letter(page, world):
    mail = EmailMessage()
    mail["Subject"], mail["From"], mail["To"] = "Aktifkan", "a@localhost", "b@example.com"
    link = "http://127.0.0.1:8000/akaun/aktifkan/" + "x" * 120
    mail.set_content(f"Klik disini atau buka {link}")
    mail.add_alternative(f'<p>Klik <a href="{link}">disini</a></p>', subtype="html")
    mail.add_attachment(b"x", maintype="application", subtype="pdf", filename="resit.pdf")
    world.send_mail(mail)
    page.goto(f"{site(world)}/mail/?to=b@example.com")
    page.get_by_role("link", name="Aktifkan").first.click()
    expect(page.get_by_role("link", name="disini", exact=True)).to_be_visible()


def open_phone(page, world):
    sms = {"key": world.sms_key, "to": "60120000000", "text": "RM0.00: Kod OTP anda 482913."}
    world.post("/sms/api/send", sms)
    page.goto(f"{site(world)}/sms/?to=60120000000")


PAGES = {
    "home": opens("/"),
    "scenarios": opens("/senario/"),
    "wrong choice": open_wrong_choice,
    "payments": opens("/fpx/"),
    "no SMS": opens("/sms/?to=60129999999"),
    "SMS": open_phone,
    "mail": opens("/mail/"),
    "letter": open_letter,
    "terms": opens("/FPXMain/termsAndConditions.jsp"),
    "error": opens("/FPXMain/seller2DReceiver.jsp"),
    "not found": opens("/tiada/"),
    "log-in": open_log_in,
    "wrong log-in": open_wrong_log_in,
    "confirmation": open_confirmation,
    "close": open_close_page,
    "wait": open_wait_page,
    "way back": open_way_back,
    "exchange's list": open_exchange_list,
}
