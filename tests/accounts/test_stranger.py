"""A script with a list of IC numbers learns nothing from any page, and keeps no owner out.

It has a network for every twenty numbers, a phone for every sign-up, and no scruples. The owners
come afterwards: in a browser that is known, and in a new one on the network that it used up.
"""

import re
from collections import defaultdict

import pytest
from django.contrib.auth.hashers import make_password

from accounts.models import Code, PhoneDevice, User
from foundation.wording import masked_email
from tests.accounts.pages import TYPED, know, lands, without_one_time_values
from tests.browser import Browser
from tests.factories import AT, PASSWORD, make_code

pytestmark = pytest.mark.proof

LOG_IN = "/log-masuk/"
PASSWORD_PAGE = "/log-masuk/kata-laluan/"
FORGOT = "/lupa-kata-laluan/"
SIGN_UP = "/daftar/"
PHRASE = re.compile(r'(<p class="phrase">)([a-z]{2,}(?: [a-z]{2,}){1,3})(</p>)')


def make_town(count):
    """IC numbers: a third has an account, a third a sign-up not opened, a third nothing."""
    numbers = [f"850101{10 + place // 5000:02d}{place % 5000:04d}" for place in range(count)]
    people = [
        User(
            username=f"bandar{place}",
            full_name="Pemandu Bandar",
            ic_number=number,
            phone=f"+6013{2_000_000 + place}",
            email=f"bandar{place}@contoh.com",
            secret_phrase="durian hujan petang",
            password=make_password(PASSWORD),
            created_at=AT,
            opened_at=AT if place % 3 == 0 else None,
            is_active=place % 3 == 0,
        )
        for place, number in enumerate(numbers)
        if place % 3 < 2
    ]
    User.objects.bulk_create(people)
    PhoneDevice.objects.bulk_create(PhoneDevice(user=person, name="SMS") for person in people)
    return numbers


class Stranger:
    """Collects what pages answer; `answers` has each step's different answers."""

    def __init__(self):
        self.answers = defaultdict(set)

    def note(self, step, answer, *typed):
        """Keeps an answer without what he typed himself, phrase and one-time values."""
        body = PHRASE.sub(r"\1\3", without_one_time_values(answer))
        for value in typed:
            body = body.replace(value, "")
        passing = {"Set-Cookie", "Content-Length"}
        headers = frozenset(pair for pair in answer.headers.items() if pair[0] not in passing)
        cookies = frozenset(answer.cookies)
        self.answers[step].add((answer.status_code, headers, cookies, body))

    def try_to_log_in(self, number, network, tries):
        """Looks at the phrase, then guesses."""
        browser = Browser(REMOTE_ADDR=network)
        self.note("IC number", browser.post(LOG_IN, {"ic_number": number}))
        phrase = browser.get(PASSWORD_PAGE)
        assert PHRASE.search(phrase.text)
        self.note("phrase", phrase, number)
        for time in range(tries):
            answer = browser.post(PASSWORD_PAGE, {"password": "kata laluan teka"})
            self.note(f"password {time}", answer, number)

    def forget(self, number, network):
        """Says that he forgot the password, with a phone that is not the owner's."""
        browser = Browser(REMOTE_ADDR=network)
        typed = {"ic_number": number, "phone": "019-999 9999"}
        self.note("forgotten", browser.post(FORGOT, typed), number)
        self.note("forgotten, code", browser.get(f"{FORGOT}otp/"))
        self.note("forgotten, wrong code", browser.post(f"{FORGOT}otp/", {"code": "000000"}))
        self.note("forgotten, again", browser.post(f"{FORGOT}otp/hantar-semula/"))

    def sign_up(self, number, network, phone):
        """Signs up with the number, and a phone of their own, which they prove, and a mailbox."""
        browser, email = Browser(REMOTE_ADDR=network), f"{phone[-4:]}@contoh.com"
        typed = TYPED | {"ic_number": number, "phone": phone, "email": email}
        self.note("sign-up", browser.post(SIGN_UP, typed))
        assert Code.objects.latest("pk").channel == "sms"
        last = phone[-4:]
        self.note("sign-up, code", browser.get(f"{SIGN_UP}otp/"), last)
        digits = make_code(User.objects.sign_ups().latest("pk"))
        self.note("sign-up, right code", browser.post(f"{SIGN_UP}otp/", {"code": digits}), last)
        self.note(
            "sign-up, done", browser.get(f"{SIGN_UP}berjaya/"), masked_email(email), email, last
        )


def network_of(place):
    return f"10.{place // 20 // 250}.{place // 20 % 250}.7"


def enter(browser, number, network):
    browser.post(LOG_IN, {"ic_number": number}, REMOTE_ADDR=network)
    return browser.post(PASSWORD_PAGE, {"password": PASSWORD}, REMOTE_ADDR=network)


def test_a_script_with_a_thousand_ic_numbers_learns_nothing_and_keeps_nobody_out(db):
    numbers, stranger = make_town(1000), Stranger()
    for place, number in enumerate(numbers):
        # He goes to the end with those that he likes, of each kind as many.
        is_liked = place % 40 < 3
        stranger.try_to_log_in(number, network_of(place), tries=7 if is_liked else 1)
        if is_liked:
            stranger.forget(number, network_of(place))
            stranger.sign_up(number, network_of(place), f"012-{200 + place // 2} {place:04d}")
    assert {step: len(answers) for step, answers in stranger.answers.items()} == dict.fromkeys(
        stranger.answers, 1
    )
    assert "Terlalu banyak cubaan" in str(stranger.answers["password 6"])
    # One network, used up to the last try.
    for number in numbers[:100]:
        Browser(REMOTE_ADDR=network_of(0)).post(LOG_IN, {"ic_number": number})
    for place in range(0, 300, 60):
        _owner_gets_in(numbers[place], place)


def _owner_gets_in(number, place):
    owner = User.objects.opened().with_ic_number(number).get()
    at_home = Browser()
    know(at_home, owner)
    assert lands(enter(at_home, number, network_of(0)), "/mod/")
    new = Browser(REMOTE_ADDR=network_of(0))
    refused = new.post(LOG_IN, {"ic_number": number})
    assert 'href="/lupa-kata-laluan/">Buktikan telefon anda</a>' in refused.text
    new.post(FORGOT, {"ic_number": number, "phone": f"013{2_000_000 + place}"})
    assert lands(new.post(f"{FORGOT}otp/", {"code": make_code(owner, "reset")}), f"{FORGOT}semak/")
    assert lands(enter(new, number, network_of(0)), "/mod/")
