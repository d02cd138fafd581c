"""Switching the language in a half-filled form keeps what was typed, with script and without."""

import pytest
from playwright.sync_api import expect


@pytest.mark.parametrize("has_script", [True, False], ids=["script", "no-script"])
def test_half_a_form_goes_into_the_other_language(portal, open_page, has_script):
    page = open_page(has_script=has_script)
    page.goto(f"{portal.portal_url}/daftar/")
    page.get_by_label("Nama penuh").fill("Aminah binti Ali")
    page.get_by_label("Notis privasi").check()
    page.get_by_role("button", name="English").click()
    expect(page.get_by_role("heading", level=1)).to_have_text("Create an account")
    expect(page.get_by_label("Full name")).to_have_value("Aminah binti Ali")
    expect(page.get_by_label("privacy notice")).to_be_checked()
    expect(page.get_by_role("alert")).to_have_count(0)
    page.get_by_label("Full name").press("Enter")  # sends the form, not the language
    expect(page.get_by_role("alert")).to_contain_text("There is a problem")
    expect(page.get_by_label("Full name")).to_have_value("Aminah binti Ali")
    page.goto(portal.portal_url)
    expect(page).to_have_url(f"{portal.portal_url}/en/")
