"""A driver sends his licence from a phone, with script and without; the worker reads the file.

Nobody works here but this test: it plays the worker when the page has said that it waits.
"""

import io
import os
from pathlib import Path

import pytest
from django.conf import settings
from django.test import Client
from django.utils import timezone
from PIL import Image
from playwright.sync_api import expect

from registration import tasks
from registration.models import SupportingDocument
from tests.factories import DATA, make_registration, make_user
from tests.registration import files

pytestmark = pytest.mark.proof
SCREENS = os.environ.get("SCREENS")  # a folder, for whoever wants to look
PAGE = "/pendaftaran/dokumen/lesen/"


@pytest.fixture
def driver(transactional_db):
    """Boon, who has told everything but his documents."""
    boon = make_user("Boon Keat", at=timezone.now())
    make_registration(boon, kinds=[], at=timezone.now())
    return boon


@pytest.fixture
def phone(open_page, live_server, driver):
    """Opens the licence's page on Boon's phone."""
    client = Client()
    client.force_login(driver)
    name = settings.SESSION_COOKIE_NAME
    cookie = {"name": name, "value": client.cookies[name].value, "url": live_server.url}

    def open_phone(*, has_script):
        page = open_page(has_script=has_script)
        page.context.add_cookies([cookie])
        page.goto(live_server.url + PAGE)
        return page

    return open_phone


@pytest.fixture(scope="module")
def photos(tmp_path_factory):
    """Twelve megapixels as an Android phone makes them, held on its side, and as an iPhone does."""
    photo = tmp_path_factory.mktemp("foto") / "IMG_0001.jpg"
    grain = Image.effect_noise((2016, 1512), 60).resize((4032, 3024)).convert("RGB")
    exif = Image.open(io.BytesIO(files.photo_from_a_phone())).getexif()
    picture = Image.blend(files.card((4032, 3024)), grain, 0.1)
    picture.save(photo, "JPEG", quality=95, exif=exif)
    assert photo.stat().st_size > 2 * files.MEGABYTE
    return {"jpeg": photo, "heic": DATA / "lesen-12mp.heic"}


def fill(page, photo):
    page.locator("input[type=file]").set_input_files(photo)
    page.get_by_label("Nombor lesen").fill("D1234567")
    for part, text in [("Hari", "31"), ("Bulan", "12"), ("Tahun", "2030")]:
        page.get_by_label(part, exact=True).fill(text)


def work():
    """What the worker does with the file that was sent last."""
    document = SupportingDocument.objects.latest("pk")
    tasks.read_document.handler(document.pk, at=timezone.now())
    document.refresh_from_db()
    return document


def look(page, name):
    """Keeps a picture of the page, when somebody wants to look."""
    if SCREENS:
        page.screenshot(path=Path(SCREENS) / f"{name}.png", full_page=True)


@pytest.mark.parametrize("has_script", [True, False], ids=["script", "no-script"])
@pytest.mark.parametrize("kind", ["jpeg", "heic"])
def test_a_photo_of_twelve_megapixels_arrives_and_is_redrawn(phone, photos, kind, has_script):
    page = phone(has_script=has_script)
    fill(page, photos[kind])
    if has_script:
        expect(page.locator(".upload__name")).to_contain_text("KB")
    look(page, f"{kind}-{has_script}-1-form")
    page.get_by_role("button", name="Seterusnya").click()
    expect(page.get_by_role("heading", level=1)).to_have_text("Fail anda sedang diproses")
    assert page.evaluate("document.documentElement.scrollWidth") <= 360
    look(page, f"{kind}-{has_script}-2-waits")
    sent = SupportingDocument.objects.get()
    is_shrunk = kind == "jpeg" and has_script
    assert (sent.size < files.MEGABYTE) == (is_shrunk or kind == "heic")
    document = work()
    if not has_script:
        page.get_by_role("link", name="Seterusnya").click()
    expect(page.get_by_role("heading", level=1)).to_have_text("Dokumen kedua anda")
    look(page, f"{kind}-{has_script}-3-next")
    assert (document.status, document.media_type, document.hints) == ("ready", "image/jpeg", [])
    with document.file.open("rb") as ours, Image.open(ours) as image:
        assert max(image.size) == (1800 if is_shrunk else 2000)
        assert image.height > image.width or kind == "heic"
        assert dict(image.getexif()) == {}


@pytest.mark.parametrize("has_script", [True, False], ids=["script", "no-script"])
def test_a_locked_pdf_comes_back_with_its_reason(phone, tmp_path, has_script):
    locked = tmp_path / "lesen.pdf"
    locked.write_bytes(files.locked_pdf())
    page = phone(has_script=has_script)
    fill(page, locked)
    page.get_by_role("button", name="Seterusnya").click()
    expect(page.get_by_role("heading", level=1)).to_have_text("Fail anda sedang diproses")
    work()
    if not has_script:
        page.get_by_role("link", name="Seterusnya").click()
    expect(page.get_by_role("alert")).to_contain_text("dilindungi kata laluan")
    expect(page.get_by_label("Nombor lesen")).to_have_value("D1234567")
    if has_script:
        expect(page.get_by_role("alert")).to_be_focused()
    look(page, f"locked-{has_script}")


def test_a_dark_photo_goes_on_with_a_hint(phone, tmp_path):
    dark = tmp_path / "gelap.png"
    dark.write_bytes(files.picture("PNG", image=files.card().point(lambda value: value // 8)))
    page = phone(has_script=True)
    fill(page, dark)
    page.get_by_role("button", name="Seterusnya").click()
    expect(page.get_by_role("heading", level=1)).to_have_text("Fail anda sedang diproses")
    work()
    expect(page.get_by_role("heading", level=1)).to_have_text("Dokumen kedua anda")
    expect(page.locator(".notice")).to_have_count(1)
    expect(page.locator(".notice")).to_contain_text("Gambar ini gelap")
    look(page, "dark")


def test_a_killed_tab_loses_only_the_pick(phone, photos, driver):
    page = phone(has_script=True)
    fill(page, photos["jpeg"])
    page.get_by_label("Hari", exact=True).fill("")
    page.get_by_label("Bulan", exact=True).fill("")
    page.get_by_label("Tahun", exact=True).fill("")
    page.get_by_role("button", name="Seterusnya").click()
    expect(page.get_by_role("alert")).to_contain_text("Masukkan tarikh tamat lesen")
    page.close()
    again = phone(has_script=False)
    expect(again.locator("main")).to_contain_text("IMG_0001.jpg")
    look(again, "again")
