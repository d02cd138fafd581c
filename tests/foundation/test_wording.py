"""How moments, money and masked data read."""

from datetime import UTC, date, datetime
from decimal import Decimal

import pytest

from foundation import wording


def plain(text: str) -> str:
    return text.replace("\N{NO-BREAK SPACE}", " ").replace("\N{WORD JOINER}", "")


@pytest.mark.parametrize(
    ("utc", "malay", "english"),
    [
        ((2026, 11, 22, 7, 4), "22 Nov 2026, 3:04 petang", "22 Nov 2026, 3:04 pm"),
        ((2026, 11, 22, 16, 0), "23 Nov 2026, 12:00 tengah malam", "23 Nov 2026, 12:00 am"),
        ((2026, 8, 22, 4, 0), "22 Ogos 2026, 12:00 tengah hari", "22 Aug 2026, 12:00 pm"),
        ((2026, 12, 22, 5, 59), "22 Dis 2026, 1:59 tengah hari", "22 Dec 2026, 1:59 pm"),
        ((2026, 3, 22, 10, 59), "22 Mac 2026, 6:59 petang", "22 Mar 2026, 6:59 pm"),
        ((2026, 5, 22, 11, 0), "22 Mei 2026, 7:00 malam", "22 May 2026, 7:00 pm"),
        ((2026, 11, 22, 15, 59), "22 Nov 2026, 11:59 malam", "22 Nov 2026, 11:59 pm"),
        ((2026, 11, 21, 17, 0), "22 Nov 2026, 1:00 pagi", "22 Nov 2026, 1:00 am"),
    ],
)
def test_a_moment_is_told_in_malaysia_time(utc, malay, english):
    at = datetime(*utc, tzinfo=UTC)
    assert plain(wording.moment(at, "ms")) == malay
    assert plain(wording.moment(at, "en")) == english


def test_an_exact_moment_has_seconds():
    assert (
        wording.exact_moment(datetime(2026, 11, 22, 1, 57, 39, tzinfo=UTC)) == "22/11/2026 09:57:39"
    )


def test_a_plain_date_needs_no_time_zone():
    assert plain(wording.day(date(2026, 10, 1), "ms")) == "1 Okt 2026"


@pytest.mark.parametrize(
    ("amount", "written"), [("13.10", "RM13.10"), ("1234.5", "RM1,234.50"), ("0", "RM0.00")]
)
def test_ringgit_has_two_decimals(amount, written):
    assert wording.ringgit(Decimal(amount)) == written


def test_personal_data_is_masked():
    assert wording.masked_ic("850101145523") == "••••••-••-5523"
    assert plain(wording.masked_phone("+60123456789")) == "012-••• 6789"
    assert wording.masked_email("aminah@gmail.com") == "a••@gmail.com"


def test_nothing_masks_to_nothing():
    assert wording.masked_ic(None) == wording.masked_phone(None) == wording.masked_email(None) == ""


def test_the_owner_sees_his_data_as_people_write_it():
    assert wording.formatted_ic("850101145523") == "850101-14-5523"
    assert wording.local_phone("+60123456789") == "012-345 6789"
    assert wording.local_phone("+601112345678") == "011-1234 5678"


@pytest.mark.parametrize(
    ("name", "masked"),
    [
        ("Ali bin Abu", "ALI B•• A••"),
        ("Chandran a/l Raju", "CHANDRAN A•• R••"),
        ("Suresh", "S••"),
        ("Siti O'Hara", "SITI O••"),
    ],
)
def test_a_name_is_masked_for_strangers(name, masked):
    assert wording.masked_name(name) == masked
