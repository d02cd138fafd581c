"""An officer takes a case from queue to decision by keyboard, and the driver sees the result."""

import pytest
from django.conf import settings
from django.test import Client
from django.urls import reverse
from django.utils import timezone
from playwright.sync_api import expect

from registration.models import Registration
from tests.factories import make_registration, make_user
from tests.staff.desk import seated

pytestmark = pytest.mark.proof
LOOK_MS = 1_800  # of which the script wants 1,500


@pytest.fixture
def cases(transactional_db):
    """Aminah's and Boon's, paid for, in this order."""
    at = timezone.now()
    return [
        make_registration(make_user(name), "submitted", is_paid=True, at=at)
        for name in ("Aminah binti Ali", "Boon Keat")
    ]


@pytest.fixture
def desk(open_page, live_server):
    """The front page of the desk, in the browser of a seated officer."""
    client = Client()
    seated(client)
    page = open_page(width=1280)
    page.context.add_cookies([cookie_of(client, live_server.url)])
    page.goto(live_server.url + reverse("admin:index"))
    return page


def cookie_of(client, url):
    name = settings.SESSION_COOKIE_NAME
    return {"name": name, "value": client.cookies[name].value, "url": url}


def walk_to(page, label):
    """Presses Tab until the button has the focus, as somebody without a mouse does."""
    for _press in range(40):
        page.keyboard.press("Tab")
        if label in (page.evaluate("document.activeElement.textContent") or ""):
            return
    raise AssertionError(f"Tab never comes to {label}")


def take_the_next(desk):
    walk_to(desk, "Semak kes seterusnya")
    desk.keyboard.press("Enter")
    expect(desk.locator("[data-keys]")).to_be_visible()  # the script is there
    look(desk)


def look(desk):
    """Long enough for a key to decide."""
    desk.wait_for_load_state("load")
    desk.wait_for_timeout(LOOK_MS)


def test_one_key_decides_and_the_next_case_comes(desk, cases):
    take_the_next(desk)
    expect(desk.locator(".review__facts")).to_contain_text("Aminah binti Ali")
    desk.keyboard.press("l")
    expect(desk.locator(".review__facts")).to_contain_text("Boon Keat")
    look(desk)
    desk.keyboard.press("5")
    expect(desk.get_by_role("radio", name="Dokumen yang salah dimuat naik")).to_be_checked()
    desk.get_by_label("Minta semula: Kad PSV").select_option("wrong_document")
    desk.keyboard.press("k")
    expect(desk.locator(".messagelist")).to_contain_text("Tiada kes lain")
    assert list(Registration.objects.order_by("pk").values_list("status", "reason")) == [
        ("approved", ""),
        ("returned", "wrong_document"),
    ]


def approved():
    return list(
        Registration.objects.filter(status="approved").values_list("user__full_name", flat=True)
    )


def test_a_key_pressed_twice_decides_on_no_case_that_nobody_saw(desk, cases):
    take_the_next(desk)
    desk.keyboard.press("l")
    desk.wait_for_timeout(350)
    desk.keyboard.press("l")
    expect(desk.locator(".review__facts")).to_contain_text("Boon Keat")
    desk.keyboard.press("l")
    expect(desk.get_by_role("status")).to_contain_text("lihat dokumen dahulu")
    assert approved() == ["Aminah binti Ali"]
    look(desk)
    expect(desk.get_by_role("status")).to_be_empty()
    desk.keyboard.press("l")
    expect(desk.locator(".messagelist")).to_contain_text("Tiada kes lain")
    assert approved() == ["Aminah binti Ali", "Boon Keat"]


def test_a_key_held_down_decides_once(desk, cases):
    take_the_next(desk)
    desk.keyboard.down("l")
    expect(desk.locator(".review__facts")).to_contain_text("Boon Keat")
    look(desk)
    desk.keyboard.down("l")  # down already: the browser calls it a repeat
    desk.keyboard.up("l")
    desk.wait_for_timeout(350)
    assert approved() == ["Aminah binti Ali"]


@pytest.mark.parametrize("picture", ["never comes", "is broken"])
def test_no_key_decides_before_the_pictures_are_seen(desk, cases, picture):
    def answer(route):
        if picture == "is broken":
            route.fulfill(status=404)

    desk.route("**/supportingdocument/**", answer)
    walk_to(desk, "Semak kes seterusnya")
    desk.keyboard.press("Enter")
    expect(desk.locator("[data-keys]")).to_be_visible()
    desk.wait_for_timeout(LOOK_MS)
    desk.keyboard.press("l")
    expect(desk.get_by_role("status")).to_contain_text("lihat dokumen dahulu")
    assert approved() == []
    desk.get_by_role("button", name="Lulus").click()
    expect(desk.locator(".review__facts")).to_contain_text("Boon Keat")
    assert approved() == ["Aminah binti Ali"]


def test_the_driver_sees_what_was_decided(desk, cases, open_page, live_server):
    take_the_next(desk)
    desk.keyboard.press("1")
    desk.get_by_label("Minta semula: Kad PSV").select_option("blurred")
    desk.keyboard.press("k")
    expect(desk.locator(".review__facts")).to_contain_text("Boon Keat")
    client = Client()
    client.force_login(cases[0].user)
    page = open_page()
    page.context.add_cookies([cookie_of(client, live_server.url)])
    page.goto(live_server.url + reverse("dashboard"))
    expect(page.locator("main")).to_contain_text("Gambar kabur atau tidak dapat dibaca")


def test_a_refusal_without_a_reason_is_told_and_decides_nothing(desk, cases):
    take_the_next(desk)
    desk.keyboard.press("t")
    expect(desk.get_by_role("alert")).to_contain_text("Pilih sebab")
    assert not Registration.objects.exclude(status="submitted").exists()


def test_a_letter_in_the_note_is_only_a_letter(desk, cases):
    take_the_next(desk)
    desk.locator("textarea").focus()
    desk.keyboard.type("lkt")
    assert desk.locator("textarea").input_value() == "lkt"
    assert not Registration.objects.exclude(status="submitted").exists()


def test_single_keys_can_be_switched_off(desk, cases):
    take_the_next(desk)
    desk.locator("[data-keys]").uncheck()
    desk.keyboard.press("l")
    desk.reload()
    expect(desk.locator("[data-keys]")).not_to_be_checked()
    look(desk)
    desk.keyboard.press("l")
    assert not Registration.objects.exclude(status="submitted").exists()


def test_a_document_is_zoomed_and_turned(desk, cases):
    take_the_next(desk)
    paper = desk.locator(".review__paper").first
    width = paper.locator("img").bounding_box()["width"]
    desk.keyboard.press("z")
    expect(paper.get_by_role("button", name="Zum")).to_have_attribute("aria-pressed", "true")
    assert paper.locator("img").bounding_box()["width"] > 1.5 * width
    desk.keyboard.press("r")
    expect(paper.locator("img")).to_have_attribute("data-quarters", "1")
