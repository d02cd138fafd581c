"""A game: a stranger who knows IC number and phone plays first, then the owner in a new browser.

The stranger uses up every limit within reach, the owner's own network among them. The owner gets
in and recovers all the same, and no page has told the stranger whether there is an account.
"""

import re
from datetime import timedelta
from uuid import uuid4

import pytest
from django.conf import settings as original
from django.utils import timezone

from accounts.models import AccountCase, Code, User
from accounts.services import limits
from accounts.services.cases import propose_contact
from accounts.services.password_reset import request_reset, request_reset_link
from foundation.outbox import OutboxRow
from tests.accounts.pages import CREDENTIALS, TYPED, lands, without_one_time_values
from tests.browser import Browser
from tests.factories import PASSWORD, make_account, make_officer

IC, PHONE = "850101-14-5523", "013-222 3344"
NOBODYS = ("770305-02-1234", "011-1234 5678")
HOME = "10.1.1.1"  # the owner's carrier, where the stranger is a customer, too
LOG_IN, PASSWORD_PAGE, LOG_IN_CODE = "/log-masuk/", "/log-masuk/kata-laluan/", "/log-masuk/otp/"
FORGOT, RESET_CODE = "/lupa-kata-laluan/", "/lupa-kata-laluan/otp/"
SIGN_UP_CODE = "/daftar/otp/"
FRESH = "sungai jernih di bawah jambatan"
# What differs between two numbers that both have, or both have not, an account.
OWN = re.compile(r'<p class="phrase">[^<]+</p>|panel__reference">[^<]+')

# Who cannot take a try of these without a session, a link or an answer of the owner's.
OUT_OF_REACH = {
    "live_codes": "counts nothing",
    "refusals_noted": "refuses nobody",
    "refusals_noted_in_all": "refuses nobody",
    "wrong_codes_told": "refuses nobody",
    "sign_up_per_network": "leads to the mailbox",
    "codes_per_prefix": "leads to the mailbox",
    "numbers_per_sign_up": "of one sign-up",
    "numbers_per_account": "of a session",
    "reserved_codes": "of a mailbox of one's own",
    "reserved_codes_in_all": "costs as many mailboxes of one's own, and a quarter of an hour",
    "mails_per_mailbox": "of sign-ups, not of accounts",
    "first_links_per_mailbox": "of sign-ups, not of accounts",
    "mails_per_network": "of sign-ups, not of accounts",
    "mails_in_all": "of sign-ups, not of accounts",
    "code_per_minute": "puts off by a minute",
    "link_per_hour": "of whoever holds a link or a session",
    "unsent_kept": "keeps nothing more, and refuses nobody",
    "name_requests": "of a session",
    "copies_per_day": "of a session",
    "exports_per_hour": "of an officer",
    "officer_tries_in_all": "of an officer",
    "enquiry_per_minute": "of a payment",
    "upload_per_day": "of a session",
    "reading_seconds": "of a session",
    "stray_kept": "FPX's",
    "unverified_kept": "FPX's",
    "receipt_code_per_network": "opens no account",
}


@pytest.fixture
def real_limits(settings):
    """As they are without any test."""
    return settings.LIMITS


@pytest.fixture
def used_up(real_limits, settings, monkeypatch):
    """The limits that refused somebody; each is small, so that the game is short."""
    settings.LIMITS = {
        name: (min(how_many, 2), *rest) for name, (how_many, *rest) in real_limits.items()
    }
    refused, take = set(), limits.take

    def noting(limit, who, *, at):
        try:
            take(limit, who, at=at)
        except limits.TooMany:
            refused.add(limit)
            raise

    monkeypatch.setattr(limits, "take", noting)
    return refused


@pytest.fixture
def aminah(db):
    owner = make_account(ic_number="850101145523", phone="+60132223344", email="aminah@contoh.com")
    OutboxRow.objects.all().delete()
    return owner


class Stranger:
    """Plays against one IC number and phone; `seen` is what the pages answered."""

    def __init__(self, ic_number, phone, clock):
        self.ic_number, self.phone, self.clock, self.seen = ic_number, phone, clock, []

    def note(self, answer):
        page = OWN.sub("", without_one_time_values(answer))
        for typed in (self.ic_number, self.phone):
            page = page.replace(typed, "")
        self.seen.append((answer.status_code, answer.headers.get("Location"), page))
        return answer

    def play(self):
        self.use_up_sms()
        self.clock.shift(timedelta(hours=1))
        self.use_up_sms()
        self.guess_codes()
        self.use_up_mails()
        for network in (HOME, "10.2.1.1"):
            self.guess_passwords(network)
        self.report()

    def guess_passwords(self, network):
        browser = Browser(REMOTE_ADDR=network)
        for _try in range(3):
            self.note(browser.post(LOG_IN, {"ic_number": self.ic_number}))
            self.note(browser.post(PASSWORD_PAGE, {"password": "kata laluan teka"}))

    def forget(self):
        browser = Browser(REMOTE_ADDR=HOME)
        typed = {"ic_number": self.ic_number, "phone": self.phone}
        self.note(browser.post(FORGOT, typed, follow=True))
        return browser

    def use_up_sms(self):
        browser = self.forget()
        for _send in range(2):
            self.clock.shift(timedelta(minutes=1))
            self.note(browser.post(f"{RESET_CODE}hantar-semula/", follow=True))

    def guess_codes(self):
        for _browser in range(2):
            browser = self.forget()
            for digits in range(3):
                self.note(browser.post(RESET_CODE, {"code": f"{digits:06}"}))

    def use_up_mails(self):
        browser = self.forget()
        for _mail in range(3):
            self.note(browser.post(f"{RESET_CODE}e-mel/", follow=True))

    def report(self):
        browser = Browser(REMOTE_ADDR=HOME)
        typed = TYPED | {"ic_number": self.ic_number, "phone": "019-999 9999"}
        for _report in range(3):
            self.note(browser.post(f"{FORGOT}tiada-akses/", typed, follow=True))


def newest_link(mailoutbox):
    """What the owner finds in the mailbox, whoever asked for it."""
    bodies = [mail.body for mail in mailoutbox if mail.to == ["aminah@contoh.com"]]
    paths = re.findall(r"http://127.0.0.1:8000(/lupa-kata-laluan/pautan/\S+/)", "\n".join(bodies))
    return paths[-1]


def get_in(aminah, mailoutbox, work, clock):
    """The owner, in a browser that nobody knows, with the right password in mind."""
    browser = Browser(REMOTE_ADDR=HOME)
    refused = browser.post(LOG_IN, {"ic_number": IC})
    if refused.status_code == 302:
        refused = browser.post(PASSWORD_PAGE, {"password": PASSWORD})
    assert 'href="/lupa-kata-laluan/">Buktikan telefon anda</a>' in refused.text
    assert lands(browser.post(FORGOT, {"ic_number": IC, "phone": PHONE}), RESET_CODE)
    assert "Buka pautan dalam e-mel terbaharu daripada kami." in browser.get(RESET_CODE).text
    work()
    browser.get(newest_link(mailoutbox))
    twice = {"password": FRESH, "password_confirmation": FRESH}
    assert lands(browser.post("/lupa-kata-laluan/baharu/", twice), LOG_IN_CODE)
    work()
    code = Code.objects.filter(purpose="log_in").latest("pk")
    assert code.channel == "sms"
    assert lands(browser.post(LOG_IN_CODE, {"code": code.digits}), "/mod/")
    return browser


def test_the_owner_gets_in_whatever_limits_a_stranger_used_up(
    aminah, used_up, clock, work, mailoutbox
):
    Stranger(IC, PHONE, clock).play()
    assert used_up | set(OUT_OF_REACH) == set(original.LIMITS)
    work()
    browser = get_in(aminah, mailoutbox, work, clock)
    assert browser.get("/profil/").status_code == 200


@pytest.mark.proof
@pytest.mark.parametrize("minutes", [10, 60, 4 * 60 - 1, 4 * 60 + 1, 23 * 60])
def test_however_long_the_stranger_goes_on(aminah, used_up, clock, work, mailoutbox, minutes):
    """The links of one window outlive it, so that there is a good one at every moment."""
    Stranger(IC, PHONE, clock).play()
    work()
    clock.shift(timedelta(minutes=minutes))
    for _browser in range(2):
        Stranger(IC, PHONE, clock).use_up_mails()
        work()
    for network in (HOME, "10.2.1.1"):
        Stranger(IC, PHONE, clock).guess_passwords(network)
    Stranger(IC, PHONE, clock).use_up_sms()
    get_in(aminah, mailoutbox, work, clock)


def test_who_knew_the_old_password_keeps_nobody_out_either(
    aminah, used_up, clock, work, mailoutbox
):
    """The codes of a log-in are used up, too: after a new password they begin anew."""
    thief = Browser(REMOTE_ADDR="10.9.1.1")
    thief.post(LOG_IN, {"ic_number": IC})
    assert lands(thief.post(PASSWORD_PAGE, {"password": PASSWORD}), LOG_IN_CODE)
    for _send in range(4):
        clock.shift(timedelta(minutes=1))
        thief.post(f"{LOG_IN_CODE}hantar-semula/")
        thief.post(f"{LOG_IN_CODE}e-mel/")
        thief.post(LOG_IN_CODE, {"code": "000000"})
    Stranger(IC, PHONE, clock).play()
    work()
    get_in(aminah, mailoutbox, work, clock)


def report(network=HOME):
    """The owner, whose phone and mailbox are gone; returns the case."""
    browser = Browser(REMOTE_ADDR=network)
    told = browser.post(f"{FORGOT}tiada-akses/", TYPED | {"ic_number": IC}, follow=True)
    return AccountCase.objects.get(reference=re.search(r'panel__reference">(\w{8})<', told.text)[1])


@pytest.mark.parametrize("is_about_her", [True, False])
def test_the_owner_reports_a_lost_phone_whatever_limits_a_stranger_used_up(
    aminah, used_up, clock, work, is_about_her
):
    Stranger(IC if is_about_her else NOBODYS[0], PHONE, clock).report()
    assert "case_per_network" in used_up
    case, officer, at = report(), make_officer(), timezone.now()
    changed = {"phone": "+60199998888", "email": "aminah.baharu@contoh.com"}
    propose_contact(case=case, note="MyKad asal", by=officer, at=at, **changed)
    assert aminah.account_cases.cooling_off().get() == case


@pytest.fixture
def many_mails(real_limits, used_up, settings):
    """What decision 11 says can still be refused: for an hour, and for a quarter of one."""
    names = ("mails_per_network", "mails_in_all", "reserved_codes_in_all")
    settings.LIMITS = settings.LIMITS | {name: real_limits[name] for name in names}


def sign_up(browser, work, mailoutbox, email):
    """Whoever reads this mailbox begins a sign-up, and proves the mailbox if asked to."""
    typed = TYPED | {"ic_number": NOBODYS[0], "phone": PHONE, "email": email}
    browser.post("/daftar/", typed)
    work()
    if "<h1>Semak e-mel anda</h1>" in browser.get(SIGN_UP_CODE).text:
        mail = [mail for mail in mailoutbox if mail.to == [email]][-1]
        digits = re.search(r"Kod OTP anda (\d{6})\.", mail.body)[1]
        answer = browser.post(SIGN_UP_CODE, {"code": digits}, follow=True)
        work()
        return answer
    return browser.get(SIGN_UP_CODE)


def use_up_sign_ups(clock, work, mailoutbox, network=HOME):
    """A stranger spends what the number and its network are sent, and mailboxes of their own."""
    for last_digit in range(3):
        typed = {"phone": f"{PHONE[:-1]}{last_digit}", "email": f"lain{last_digit}@contoh.com"}
        Browser(REMOTE_ADDR=network).post("/daftar/", TYPED | typed)
    for number in range(3):
        browser = Browser(REMOTE_ADDR=network)
        sign_up(browser, work, mailoutbox, f"jahat{number}@contoh.com")
        for _send in range(3):
            clock.shift(timedelta(minutes=1))
            browser.post(f"{SIGN_UP_CODE}hantar-semula/", {"phone": PHONE})
            work()


def signs_up(work, mailoutbox, gateway):
    """The owner of a number without an account, in a browser of their own, opens one."""
    owner = Browser(REMOTE_ADDR=HOME)
    page = sign_up(owner, work, mailoutbox, "boon@contoh.com")
    assert "E-mel anda disahkan. Sekarang taip kod dalam SMS" in page.text
    texted = re.search(r"Kod OTP anda (\d{6})\.", gateway.texts[-1][1])[1]
    assert lands(owner.post(SIGN_UP_CODE, {"code": texted}), "/daftar/berjaya/")
    work()
    link = re.search(r"http://127.0.0.1:8000(/akaun/aktif/\S+/)", mailoutbox[-1].body)[1]
    assert mailoutbox[-1].to == ["boon@contoh.com"]
    clean = owner.get(link).url
    assert lands(owner.post(clean, CREDENTIALS), LOG_IN)


def test_a_number_without_an_account_signs_up_whatever_a_stranger_used_up(
    db, used_up, many_mails, clock, work, mailoutbox, gateway
):
    use_up_sign_ups(clock, work, mailoutbox)
    assert {"sign_up_per_network", "codes_per_prefix", "reserved_codes"} <= used_up
    assert limits.is_used_up("code_per_day", "sign_up:+60132223344", at=timezone.now())
    signs_up(work, mailoutbox, gateway)


@pytest.mark.proof
@pytest.mark.parametrize("minutes", [1, 59, 61, 23 * 60, 25 * 60])
def test_however_long_ago_the_stranger_signed_up(
    db, used_up, many_mails, clock, work, mailoutbox, gateway, minutes
):
    use_up_sign_ups(clock, work, mailoutbox)
    clock.shift(timedelta(minutes=minutes))
    use_up_sign_ups(clock, work, mailoutbox, network="10.3.1.1")
    signs_up(work, mailoutbox, gateway)


def test_the_stranger_learns_nothing(aminah, used_up, clock, at, work, mailoutbox):
    against_her = Stranger(IC, PHONE, clock)
    against_her.play()
    work()
    used_up.clear()
    clock.move_to(at + timedelta(days=2))
    assert User.objects.opened().count() == 1
    against_nobody = Stranger(*NOBODYS, clock)
    against_nobody.play()
    assert len(against_nobody.seen) == len(against_her.seen)
    for nobodys, hers in zip(against_nobody.seen, against_her.seen, strict=True):
        assert nobodys == hers


def test_the_owners_link_is_good_while_the_stranger_asks_for_others(
    client, aminah, clock, work, mailoutbox
):
    browser = Stranger(IC, PHONE, clock).forget()
    links = []
    for _ask in range(2):
        browser.post(f"{RESET_CODE}e-mel/")
        work()
        links.append(newest_link(mailoutbox))
        clock.shift(timedelta(minutes=1))
    client.get(links[0])
    twice = {"password": FRESH, "password_confirmation": FRESH}
    assert lands(client.post("/lupa-kata-laluan/baharu/", twice), LOG_IN_CODE)
    client.get(links[1])
    assert "Tetapkan Kata Laluan baharu</h1>" not in client.get("/lupa-kata-laluan/baharu/").text


def test_a_stranger_mails_twelve_links_in_a_day(aminah, at):
    """Whoever asks without end."""
    who = {"ic_number": "850101145523", "phone": "+60132223344"}
    reset = request_reset(**who, attempt=uuid4(), at=at)
    for minutes in range(0, 24 * 60, 10):
        request_reset_link(reset=reset, at=at + timedelta(minutes=minutes))
    assert Code.objects.filter(channel="email").count() == 12


def test_a_stranger_mails_few_links(client, aminah, used_up, clock, work, mailoutbox):
    Stranger(IC, PHONE, clock).play()
    work()
    resets = [mail for mail in mailoutbox if "/lupa-kata-laluan/pautan/" in mail.body]
    assert 1 <= len(resets) <= original.LIMITS["reset_links"][0]
