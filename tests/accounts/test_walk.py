"""Steps 2 to 9 over HTTP: what one person meets, mails and SMS included."""

import re

import pytest

from tests.browser import Browser
from tests.factories import PASSWORD, PHRASE

PARTICULARS = {
    "ic_number": "850101-14-5523",
    "full_name": "Aminah binti Ali",
    "phone": "012-345 6789",
    "email": "aminah@contoh.com",
    "has_read_privacy_notice": "on",
}
CREDENTIALS = {
    "secret_phrase": PHRASE,
    "password": PASSWORD,
    "password_confirmation": PASSWORD,
}


def lands(response, path):
    """The page that a POST leads to."""
    assert response.status_code == 302, response.text
    assert response.url == path


@pytest.mark.parametrize("prefix", ["", "/en"])
def test_a_person_signs_up_and_logs_in(client, work, gateway, mailoutbox, prefix):
    lands(client.post(f"{prefix}/daftar/", PARTICULARS), f"{prefix}/daftar/otp/")
    work()
    ((to, text),) = gateway.texts
    assert to == "60123456789"
    code = re.search(r"\b\d{6}\b", text)[0]
    lands(client.post(f"{prefix}/daftar/otp/", {"code": code}), f"{prefix}/daftar/berjaya/")
    assert "a••@contoh.com" in client.get(f"{prefix}/daftar/berjaya/").text
    work()
    (mail,) = mailoutbox
    (link,) = re.findall(rf"http://127.0.0.1:8000({prefix}/akaun/aktif/\S+)", mail.body)
    response = client.get(link)
    assert (response.status_code, response.url) == (303, f"{prefix}/akaun/lengkapkan/")
    assert "Aminah binti Ali" in client.get(f"{prefix}/akaun/lengkapkan/").text
    lands(client.post(f"{prefix}/akaun/lengkapkan/", CREDENTIALS), f"{prefix}/log-masuk/")
    ic_number = {"ic_number": "850101145523"}
    lands(client.post(f"{prefix}/log-masuk/", ic_number), f"{prefix}/log-masuk/kata-laluan/")
    assert PHRASE in client.get(f"{prefix}/log-masuk/kata-laluan/").text
    lands(client.post(f"{prefix}/log-masuk/kata-laluan/", {"password": PASSWORD}), f"{prefix}/mod/")
    assert "_auth_user_id" in client.session


def test_both_browsers_of_a_sign_up_are_known(client, work, gateway, mailoutbox):
    """The phone proved in one, the password set in another: neither is asked for a second code."""
    laptop = Browser()
    client.post("/daftar/", PARTICULARS)
    work()
    client.post("/daftar/otp/", {"code": re.search(r"\d{6}", gateway.texts[0][1])[0]})
    work()
    laptop.get(re.search(r"/akaun/aktif/\S+", mailoutbox[0].body)[0])
    lands(laptop.post("/akaun/lengkapkan/", CREDENTIALS), "/log-masuk/")
    for browser in (client, laptop):
        browser.post("/log-masuk/", {"ic_number": "850101145523"})
        lands(browser.post("/log-masuk/kata-laluan/", {"password": PASSWORD}), "/mod/")
    stranger = Browser()
    stranger.post("/log-masuk/", {"ic_number": "850101145523"})
    lands(stranger.post("/log-masuk/kata-laluan/", {"password": PASSWORD}), "/log-masuk/otp/")
