"""The SMS gateway, and the texts of every app: one segment, no link, no number to call."""

import re
from datetime import date, datetime
from decimal import Decimal
from pathlib import Path
from zoneinfo import ZoneInfo

import pytest
import requests
import responses
from django.conf import settings as portal
from django.template.loader import get_template

from accounts import sms
from tests.factories import make_user

TEXTS = sorted(
    str(path.relative_to(folder).with_suffix(""))
    for folder in portal.TEMPLATES[0]["DIRS"]
    for path in Path(folder).glob("*/sms/*.txt")
)
# The longest that each kind of value becomes.
LONGEST = {
    "ringgit": Decimal("1572.00"),
    "moment": datetime(2026, 11, 22, 13, 4, tzinfo=ZoneInfo("Asia/Kuala_Lumpur")),
    "day": date(2026, 11, 22),
    "code": "482913",
    "reference": "SPS20261122ABCDEF",
}
# What a text would say that asks for something; "log masuk ke portal" asks for nothing by SMS.
_ASKS = re.compile(
    r"\?|\b(balas|taip|masukkan|klik|tekan|isi|berikan|bayar ke|reply|type|enter|click|tap|press"
    r"|provide|give|fill)\b",
    re.IGNORECASE,
)
_VALUE = re.compile(r"(?:=|\{\{\s*)([a-z_.]+)(?:\|(\w+))?")


def context_of(template):
    """A value for each variable of a template, by its filter or its name."""
    context = {}
    for path, kind in _VALUE.findall(Path(get_template(f"{template}.txt").origin.name).read_text()):
        *owners, name = path.split(".")
        place = context
        for owner in owners:
            place = place.setdefault(owner, {})
        place.setdefault(name, LONGEST.get(kind) or LONGEST.get(name, "SPS-2026-00001234"))
    return context


@pytest.mark.parametrize("language", ["ms", "en"])
@pytest.mark.parametrize("template", TEXTS)
def test_every_text_keeps_the_rules(template, language):
    text = sms.render(template, context_of(template), language=language)
    assert text.startswith("RM0.00 PERKESO: ")
    assert len(text) <= 160
    assert sms.plain(text) == text
    assert not re.search(r"https?:|www\.|\.my\b|\.com\b", text)
    assert not _ASKS.search(text)
    words = text.replace("SPS-2026-00001234", "")
    assert not re.search(r"\b0\d{1,2}-?\d{6,8}\b|\b1-?[38]00|\+60", words)


def test_there_are_texts():
    assert {"accounts/sms/otp", "accounts/sms/changed"} <= set(TEXTS)


def test_the_code_text_is_the_agreed_one():
    text = sms.render("accounts/sms/otp", {"code": "482913"}, language="ms")
    assert text == (
        "RM0.00 PERKESO: Kod OTP anda 482913. Sah 5 minit. "
        "Jangan kongsi kod ini dengan sesiapa, termasuk pegawai kami."
    )
    assert len(text) == 110


@pytest.mark.parametrize(
    ("text", "plain"),
    [
        ("3:04\N{NO-BREAK SPACE}petang", "3:04 petang"),
        ("‘a’ “b” – c • d…", "'a' \"b\" - c * d..."),
        ("  dua\n baris ", "dua baris"),
        ("José Ñandú ê", "José Ñandu e"),
        ("阿", "?"),
    ],
)
def test_a_text_is_made_plain(text, plain):
    assert sms.plain(text) == plain


def test_a_text_that_needs_two_segments_is_refused():
    with pytest.raises(sms.TextTooLong):
        sms.render("accounts/sms/otp", {"code": "4" * 60}, language="ms")


def test_it_goes_to_the_users_phone(gateway, db):
    aminah = make_user()
    sms.send_template(aminah, "accounts/sms/changed", {})
    ((to, text),) = gateway.texts
    assert "+" + to == aminah.phone
    assert text.startswith("RM0.00 PERKESO: ")


def test_the_gateway_is_told_key_phone_text_and_reference(settings):
    settings.SMS_KEY = "kunci"
    with responses.RequestsMock() as gateway:
        wanted = {"key": "kunci", "to": "60123456789", "text": "Halo", "ref": "bayaran-7"}
        matcher = responses.matchers.urlencoded_params_matcher(wanted)
        gateway.post(settings.SMS_URL, match=[matcher])
        sms.send("+60123456789", "Halo", reference="bayaran-7")


@pytest.mark.parametrize("status", [302, 400, 401, 500, 503])
def test_a_refusal_is_an_error(settings, status):
    with responses.RequestsMock() as gateway:
        elsewhere = {"Location": "https://lain.example/"}
        gateway.post(settings.SMS_URL, status=status, headers=elsewhere)
        with pytest.raises(requests.HTTPError):
            sms.send("+60123456789", "Halo")


def test_a_gateway_that_is_away_is_an_error(settings):
    with responses.RequestsMock() as gateway:
        gateway.post(settings.SMS_URL, body=requests.ConnectTimeout())
        with pytest.raises(requests.RequestException):
            sms.send("+60123456789", "Halo")
