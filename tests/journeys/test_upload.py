"""A driver sends his licence from a phone, with script and without; a real worker reads it."""

import io
import json
import os
import subprocess
import sys
from pathlib import Path

import pytest
from PIL import Image
from playwright.sync_api import expect

from development.stack import ROOT
from tests.factories import DATA
from tests.registration import files

pytestmark = pytest.mark.proof
SCREENS = os.environ.get("SCREENS")  # a folder, for whoever wants to look
WAITS, GOES_ON = "Fail anda sedang diproses", "Dokumen kedua anda"


@pytest.fixture(scope="module")
def drivers(portal):
    """People who have told everything but their documents; each test takes one."""
    command = [sys.executable, "-m", "tests.journeys.ready", "12", "--bare"]
    made = subprocess.run(
        command, cwd=ROOT, env=portal.environment, check=True, capture_output=True, text=True
    )
    return iter(json.loads(made.stdout))


@pytest.fixture
def driver(drivers):
    return next(drivers)


@pytest.fixture
def phone(open_page, portal, driver):
    """Opens the licence's page on his phone."""
    name, value = driver["cookie"]
    cookie = {"name": name, "value": value, "url": portal.portal_url}

    def open_phone(*, has_script):
        page = open_page(has_script=has_script)
        page.context.add_cookies([cookie])
        page.goto(portal.portal_url + driver["path"])
        return page

    return open_phone


@pytest.fixture
def kept(portal, database, driver):
    """What became of his licence: the row's facts, and our own picture."""

    def find():
        row = database.execute(
            "SELECT d.status, d.media_type, d.hints, d.file FROM registration_supportingdocument d"
            " JOIN registration_registration r ON r.id = d.registration_id WHERE r.user_id = %s",
            [driver["user"]],
        ).fetchone()
        return row[:3], Image.open(io.BytesIO((portal.data_dir / "files" / row[3]).read_bytes()))

    return find


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


def send(page):
    page.get_by_role("button", name="Seterusnya").click()


def heading(page):
    return expect(page.get_by_role("heading", level=1))


def look(page, name):
    """Keeps a picture of the page, when somebody wants to look."""
    if SCREENS:
        page.screenshot(path=Path(SCREENS) / f"{name}.png", full_page=True)


@pytest.mark.parametrize("has_script", [True, False], ids=["script", "no-script"])
@pytest.mark.parametrize("kind", ["jpeg", "heic"])
def test_a_photo_of_twelve_megapixels_arrives_and_is_redrawn(phone, photos, kept, kind, has_script):
    page = phone(has_script=has_script)
    fill(page, photos[kind])
    if has_script:
        expect(page.locator(".upload__name")).to_contain_text("KB")
    look(page, f"{kind}-{has_script}-1-form")
    send(page)
    heading(page).to_have_text(GOES_ON)  # by itself, once the worker has read it
    assert page.evaluate("document.documentElement.scrollWidth") <= 360
    look(page, f"{kind}-{has_script}-2-next")
    facts, image = kept()
    assert facts == ("ready", "image/jpeg", [])
    is_shrunk = kind == "jpeg" and has_script
    assert max(image.size) == (1800 if is_shrunk else 2000)
    assert image.height > image.width or kind == "heic"
    assert dict(image.getexif()) == {}


def test_whoever_is_faster_than_his_phone_sends_the_shrunk_photo(phone, photos, kept):
    page = phone(has_script=True)
    fill(page, photos["jpeg"])
    page.locator("input[type=file]").set_input_files(photos["jpeg"])  # picked anew
    send(page)
    heading(page).to_have_text(GOES_ON)
    _facts, image = kept()
    assert max(image.size) == 1800


@pytest.mark.parametrize("has_script", [True, False], ids=["script", "no-script"])
def test_while_nobody_reads_the_page_says_so_and_then_goes_on(phone, photos, portal, has_script):
    portal.stop("reader")
    try:
        page = phone(has_script=has_script)
        fill(page, photos["heic"])
        send(page)
        heading(page).to_have_text(WAITS)
        assert page.evaluate("document.documentElement.scrollWidth") <= 360
        look(page, f"waits-{has_script}")
    finally:
        portal.start("reader")
    heading(page).to_have_text(GOES_ON, timeout=60_000)


@pytest.mark.parametrize("has_script", [True, False], ids=["script", "no-script"])
def test_a_locked_pdf_comes_back_with_its_reason(phone, tmp_path, has_script):
    locked = tmp_path / "lesen.pdf"
    locked.write_bytes(files.locked_pdf())
    page = phone(has_script=has_script)
    fill(page, locked)
    send(page)
    expect(page.get_by_role("alert")).to_contain_text("dilindungi kata laluan")
    expect(page.get_by_label("Nombor lesen")).to_have_value("D1234567")
    if has_script:
        expect(page.get_by_role("alert")).to_be_focused()
    look(page, f"locked-{has_script}")


@pytest.mark.parametrize("has_script", [True, False])
def test_a_dark_photo_is_asked_about_and_goes_on(phone, tmp_path, has_script):
    dark = tmp_path / "gelap.png"
    dark.write_bytes(files.picture("PNG", image=files.card().point(lambda value: value // 8)))
    page = phone(has_script=has_script)
    fill(page, dark)
    send(page)
    heading(page).to_have_text("Bolehkah gambar ini dibaca?")
    expect(page.locator(".notice")).to_have_count(1)
    expect(page.locator(".notice")).to_contain_text("Gambar ini gelap")
    look(page, f"dark-{has_script}")
    page.get_by_role("link", name="Guna juga").click()
    heading(page).to_have_text(GOES_ON)


def test_a_killed_tab_loses_only_the_pick(phone, photos):
    page = phone(has_script=True)
    fill(page, photos["jpeg"])
    for part in ("Hari", "Bulan", "Tahun"):
        page.get_by_label(part, exact=True).fill("")
    send(page)
    expect(page.get_by_role("alert")).to_contain_text("Masukkan tarikh tamat lesen")
    page.close()
    again = phone(has_script=False)
    expect(again.locator("main")).to_contain_text("IMG_0001.jpg")
    look(again, "again")
