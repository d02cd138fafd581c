"""What script and style add to a page: photos, cards, passwords, one press, a session's end.

The pages are drawn from the components and served by the browser's own interception, so that
nothing but `portal.js` and `portal.css` is on trial.
"""

import re
from pathlib import Path
from urllib.parse import parse_qs, urlsplit

import pytest
from django import forms
from django.template.loader import render_to_string
from PIL import Image
from playwright.sync_api import expect

from foundation.forms import DayMonthYearField, PortalForm
from tests.registration import files

STATIC = Path(__file__).parents[2] / "static"
HOME = "http://portal.test/"
PAGE = """<!doctype html><html lang="ms"><head><title>{title}</title>
<link rel="stylesheet" href="/static/css/portal.css">
<script src="/static/js/portal.js" defer></script></head>
<body><main id="main" class="main">{main}</main>{dropped}{after}</body></html>"""
MINUTE = 60 * 1000
# A phone that takes a second for a photo.
SLOW = """const quick = createImageBitmap;
window.createImageBitmap = async (file) => {
  await new Promise((done) => setTimeout(done, 1000));
  return quick(file);
};"""
SESSION_ENDED = re.compile(r"/sesi-tamat/\?next=")


class PhotoForm(PortalForm):
    photo = forms.FileField(label="Lesen memandu")


class ChoiceForm(PortalForm):
    kind = forms.ChoiceField(
        label="Jenis", choices=[("taxi", "Teksi"), ("bus", "Bas")], widget=forms.RadioSelect
    )
    agrees = forms.BooleanField(label="Saya telah membaca Notis privasi")


class DayForm(PortalForm):
    expires = DayMonthYearField(label="Tarikh tamat")


class PasswordForm(PortalForm):
    password = forms.CharField(label="Kata Laluan", widget=forms.PasswordInput)


class AnswersForm(PortalForm):
    town = forms.CharField(label="Bandar", initial="Kajang")
    password = forms.CharField(
        label="Kata Laluan",
        widget=forms.PasswordInput(attrs={"autocomplete": "current-password"}),
    )


def draw(form=None, title="Halaman", after=""):
    """A page with a form, its error summary above."""
    context = {"form": form, "label": "Seterusnya"}
    parts = ["components/error_summary.html", "components/form.html"] if form else []
    main = "".join(render_to_string(part, context) for part in parts)
    dropped = render_to_string("components/line_dropped.html")
    return PAGE.format(title=title, main=main, dropped=dropped, after=after)


class Site:
    """Answers what the page asks for, and remembers it."""

    def __init__(self, page, shown, answers=()):
        self.shown, self.answers, self.asked = shown, list(answers), []
        self.leads_to = ""
        page.route("**/*", self.answer)

    def answer(self, route):
        path = urlsplit(route.request.url).path
        if path.startswith("/static/"):
            route.fulfill(path=STATIC / path.removeprefix("/static/"))
            return
        self.asked.append((route.request.method, path))
        if self.leads_to and path != self.leads_to:
            route.fulfill(status=302, headers={"Location": self.leads_to})
            return
        is_post = route.request.method == "POST"
        html = self.answers.pop(0) if is_post and self.answers else self.shown
        route.fulfill(body=html, content_type="text/html")


@pytest.fixture
def photo(tmp_path):
    """A picture larger than an officer needs, and heavy."""
    path = tmp_path / "lesen.jpg"
    Image.effect_noise((2400, 1600), 80).save(path, quality=95)
    return path


def sent_size(page):
    """The bytes of the file that the form would send."""
    return page.locator("input[type=file]").evaluate("input => input.files[0].size")


@pytest.mark.parametrize("make", [PhotoForm, ChoiceForm, PasswordForm, DayForm])
def test_the_error_summary_leads_to_the_first_wrong_box(page, make):
    Site(page, draw(make({})))
    page.goto(HOME)
    page.locator(".summary a").first.click()
    expect(page.locator(".field--error").first.locator(":focus")).to_have_count(1)


def test_a_photo_is_shown_and_shrunk(page, photo):
    Site(page, draw(PhotoForm()))
    page.goto(HOME)
    expect(page.get_by_role("button", name="Ambil gambar")).to_be_visible()
    page.locator("input[type=file]").set_input_files(photo)
    expect(page.locator(".upload__name")).to_contain_text("KB")
    expect(page.locator("canvas")).to_be_visible()
    assert sent_size(page) < photo.stat().st_size / 2


# The sides of the file that would be sent, and its first dot.
SEEN = """async (input) => {
  const picture = await createImageBitmap(input.files[0]);
  const canvas = new OffscreenCanvas(picture.width, picture.height).getContext("2d");
  canvas.drawImage(picture, 0, 0);
  return [picture.width, picture.height, ...canvas.getImageData(0, 0, 1, 1).data];
}"""


@pytest.mark.parametrize(
    ("make", "sides"),
    [(files.words_on_glass, [1800, 1125]), (files.long_screenshot, [1000, 8889])],
    ids=["transparent", "long"],
)
def test_a_screenshot_is_shrunk_so_that_it_can_be_read(page, tmp_path, make, sides):
    screenshot = tmp_path / "skrin.png"
    # With as much behind it as a phone's own pictures have: what is small is sent as it is.
    screenshot.write_bytes(make() + bytes(1024 * 1024))
    Site(page, draw(PhotoForm()))
    page.goto(HOME)
    page.locator("input[type=file]").set_input_files(screenshot)
    expect(page.locator(".upload__name")).to_contain_text("KB")
    seen = page.locator("input[type=file]").evaluate(SEEN)
    assert seen[:2] == sides
    assert min(seen[2:5]) > 250


def test_whoever_is_faster_than_his_phone_sends_the_shrunk_photo(page, photo):
    site = Site(page, draw(PhotoForm()), [draw(PhotoForm({}, {}), title="Ralat: Halaman")])
    sizes = []
    page.on("request", lambda request: sizes.append(len(request.post_data_buffer or b"")))
    page.goto(HOME)
    page.add_script_tag(content=SLOW)
    page.locator("input[type=file]").set_input_files(photo)
    page.get_by_role("button", name="Seterusnya").click()
    assert [method for method, _path in site.asked] == ["GET"]
    expect(page).to_have_title("Ralat: Halaman")
    assert [method for method, _path in site.asked] == ["GET", "POST"]
    assert 0 < max(sizes) < photo.stat().st_size / 2


def test_a_file_that_is_too_large_is_not_sent(page, tmp_path):
    site = Site(page, draw(PhotoForm()))
    large = tmp_path / "lesen.heic"
    large.write_bytes(bytes(10 * 1024 * 1024 + 1))
    page.goto(HOME)
    page.locator("input[type=file]").set_input_files(large)
    page.get_by_role("button", name="Seterusnya").click()
    expect(page.locator(".upload__name")).to_have_text("Fail mesti lebih kecil daripada 10 MB")
    expect(page.get_by_role("button", name="Ambil gambar")).to_be_focused()
    page.locator("input[type=file]").set_input_files([])
    page.get_by_role("button", name="Seterusnya").click()  # the button is not used up
    expect(page.get_by_role("button", name="Ambil gambar")).to_be_visible()
    assert [method for method, _path in site.asked] == ["GET", "POST"]


def test_a_page_that_waits_goes_on_when_it_leads_elsewhere(page):
    site = Site(
        page, PAGE.format(title="Tunggu", main="<p data-waiting>Tunggu</p>", dropped="", after="")
    )
    page.goto(HOME)
    expect(page).to_have_title("Tunggu")
    with page.expect_request(lambda request: request.method == "HEAD"):
        pass
    site.shown, site.leads_to = draw(title="Seterusnya"), "/seterusnya/"
    expect(page).to_have_title("Seterusnya")


def test_a_refused_upload_can_be_tried_again(page, photo):
    refused = draw(PhotoForm({}, {}), title="Ralat: Halaman")
    site = Site(page, draw(PhotoForm()), [refused])
    page.goto(HOME)
    page.locator("input[type=file]").set_input_files(photo)
    expect(page.locator(".upload__name")).to_contain_text("KB")
    page.get_by_role("button", name="Seterusnya").click()
    expect(page.get_by_role("alert")).to_be_focused()
    expect(page).to_have_title("Ralat: Halaman")
    page.locator("input[type=file]").set_input_files(photo)
    expect(page.locator("canvas")).to_be_visible()
    assert sent_size(page) < photo.stat().st_size / 2
    page.get_by_role("button", name="Seterusnya").click()
    expect(page).to_have_title("Halaman")
    assert [method for method, _path in site.asked] == ["GET", "POST", "POST"]


def drop_the_line(page):
    """Nothing that is posted gets through until it is `unroute`d."""
    page.route("**/*", lambda route: route.abort(), times=1)


def test_a_line_that_drops_keeps_the_photo_and_sends_it_once_it_is_back(page, photo):
    site = Site(page, draw(PhotoForm()), [draw(title="Seterusnya")])
    sizes = []
    page.on("request", lambda request: sizes.append(len(request.post_data_buffer or b"")))
    page.goto(HOME)
    page.locator("input[type=file]").set_input_files(photo)
    expect(page.locator(".upload__name")).to_contain_text("KB")
    size = sent_size(page)
    drop_the_line(page)
    page.get_by_role("button", name="Seterusnya").click()
    expect(page.get_by_role("alert")).to_contain_text("Talian internet terputus")
    assert sent_size(page) == size
    expect(page.locator("canvas")).to_be_visible()
    assert [method for method, _path in site.asked] == ["GET"]
    page.evaluate("dispatchEvent(new Event('online'))")
    expect(page).to_have_title("Seterusnya")
    assert [method for method, _path in site.asked] == ["GET", "POST"]
    assert sizes[-1] > size


def test_what_was_typed_stays_when_the_line_drops_and_can_be_sent_again(page):
    site = Site(page, draw(AnswersForm()), [draw(title="Seterusnya")])
    page.goto(HOME)
    page.get_by_label("Bandar").fill("Bangi")
    drop_the_line(page)
    page.get_by_role("button", name="Seterusnya").click()
    expect(page.get_by_role("alert")).to_contain_text("Talian internet terputus")
    page.evaluate("dispatchEvent(new Event('online'))")  # a form without a file waits for a press
    expect(page.get_by_label("Bandar")).to_have_value("Bangi")
    page.get_by_role("button", name="Hantar sekali lagi").click()
    expect(page).to_have_title("Seterusnya")
    assert [method for method, _path in site.asked] == ["GET", "POST"]


def test_the_error_leads_to_the_upload_buttons(page):
    Site(page, draw(PhotoForm({}, {})))
    page.goto(HOME)
    page.get_by_role("alert").get_by_role("link").click()
    expect(page.get_by_role("button", name="Ambil gambar")).to_be_focused()


def test_without_script_the_browsers_own_box_is_there(page_without_script):
    Site(page_without_script, draw(PhotoForm()))
    page_without_script.goto(HOME)
    expect(page_without_script.locator("input[type=file]")).to_be_visible()
    expect(page_without_script.get_by_role("button", name="Ambil gambar")).to_be_hidden()


@pytest.mark.parametrize("form", [PhotoForm(), PhotoForm({}, {})], ids=["new", "wrong"])
def test_the_upload_page_fits_a_small_phone(open_page, form):
    page = open_page(width=320)
    Site(page, draw(form))
    page.goto(HOME)
    assert page.evaluate("document.documentElement.scrollWidth") <= 320


def test_a_card_is_chosen_anywhere_on_it(page_without_script):
    Site(page_without_script, draw(ChoiceForm()))
    page_without_script.goto(HOME)
    page_without_script.get_by_label("Notis privasi").check()  # on the box itself
    page_without_script.locator(".choice").first.click(position={"x": 300, "y": 6})  # beside it
    expect(page_without_script.get_by_label("Teksi")).to_be_checked()


def test_a_second_press_sends_nothing(page):
    site = Site(page, draw(PasswordForm()))
    page.goto(HOME)
    press = "all => { for (let i = 0; i < 3; i++) all[0].click() }"
    with page.expect_response(lambda response: response.request.method == "POST"):
        page.locator("main .button:not([type=button])").evaluate_all(press)
    assert [method for method, _path in site.asked].count("POST") == 1


def test_a_password_is_looked_at_but_not_sent_as_text(page):
    Site(page, draw(PasswordForm()))
    page.goto(HOME)
    box = page.get_by_label("Kata Laluan")
    box.fill("durian hujan petang")
    page.get_by_role("button", name="Tunjuk").click()
    expect(box).to_have_attribute("type", "text")
    page.locator("form").evaluate(
        "form => { form.onsubmit = (event) => event.preventDefault(); form.requestSubmit() }"
    )
    expect(box).to_have_attribute("type", "password")


def signed_in(page, form=None):
    """A signed-in page whose clock stands still until it is moved."""
    context = {"session_warning_seconds": 28 * 60}
    dialog = render_to_string("components/session_dialog.html", context)
    site = Site(page, draw(form, after=dialog))
    page.clock.install()
    page.goto(HOME)
    return site


@pytest.fixture
def session(page):
    return signed_in(page)


def test_the_session_is_kept_by_one_tap(page, session):
    dialog = page.get_by_role("dialog")
    page.clock.run_for(28 * MINUTE - 1000)
    expect(dialog).to_be_hidden()
    page.clock.run_for(2000)
    expect(dialog).to_be_visible()
    with page.expect_response("**/saya/"):
        dialog.get_by_role("button", name="Teruskan").click()
    expect(dialog).to_be_hidden()
    page.clock.run_for(27 * MINUTE)
    expect(dialog).to_be_hidden()
    assert session.asked[1:] == [("GET", "/saya/")]


def test_escape_means_stay(page, session):
    page.clock.run_for(28 * MINUTE + 1000)
    with page.expect_response("**/saya/"):
        page.keyboard.press("Escape")
    page.clock.run_for(5 * MINUTE)
    expect(page.get_by_role("dialog")).to_be_hidden()
    assert ("GET", "/saya/") in session.asked


def test_a_session_ends_on_a_page_that_says_so(page, session):
    page.clock.run_for(30 * MINUTE + 1000)
    page.wait_for_url(SESSION_ENDED)


def test_what_was_typed_goes_along_but_no_secret(page):
    site = signed_in(page, AnswersForm())
    page.get_by_label("Bandar").fill("Bangi")
    page.locator("input[type=password]").fill("rahsia")
    with page.expect_request("**/sesi-tamat/**") as sent:
        page.clock.run_for(30 * MINUTE + 1000)
    page.wait_for_url(SESSION_ENDED)
    assert parse_qs(sent.value.post_data) == {"town": ["Bangi"]}
    assert site.asked == [("GET", "/"), ("POST", "/sesi-tamat/")]


def test_where_nothing_was_typed_nothing_is_sent(page):
    site = signed_in(page, AnswersForm())
    page.locator("input[type=password]").fill("rahsia")
    page.clock.run_for(30 * MINUTE + 1000)
    page.wait_for_url(SESSION_ENDED)
    assert site.asked == [("GET", "/"), ("GET", "/sesi-tamat/")]


def test_a_phone_that_slept_is_told_at_once(page, session):
    page.clock.fast_forward(3 * 60 * MINUTE)
    page.wait_for_url(SESSION_ENDED)


def test_another_tab_keeps_the_session(page, session):
    page.clock.run_for(28 * MINUTE + 1000)
    expect(page.get_by_role("dialog")).to_be_visible()
    page.evaluate("localStorage.setItem('seen', Date.now())")
    page.clock.run_for(2000)
    expect(page.get_by_role("dialog")).to_be_hidden()


def test_the_seconds_until_another_code_count_down_to_a_sentence(page):
    words = render_to_string("components/code_wait.html", {"state": {"wait": 40}})
    page.clock.install()
    Site(page, PAGE.format(title="Tidak terima kod?", main=words, dropped="", after=""))
    page.goto(HOME)
    shown = page.get_by_role("status")
    expect(shown).to_contain_text("Tunggu 40 saat sebelum meminta kod baharu.")
    page.clock.run_for(15_000)
    expect(shown).to_contain_text("Tunggu 25 saat")
    page.clock.run_for(26_000)
    expect(shown).to_have_text("Anda boleh meminta kod baharu sekarang.")
