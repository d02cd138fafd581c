"""The cast of the demo data: a person for every state, and a crowd."""

from collections.abc import Callable
from datetime import datetime, timedelta

from accounts.models import User
from development.money_back import chose_next_period, chose_refund, paid_twice, refund
from development.people import (
    Person,
    begin_payment,
    hear,
    nobody_is_told,
    officer,
    open_account,
    owe,
    pay,
    register,
)
from payments.services import enquiries
from registration.models import Registration
from registration.services import decisions

Story = Callable[[User, datetime], None]
DAY = timedelta(days=1)
MINUTE = timedelta(minutes=1)


def make(person: Person, story: Story, *, at: datetime) -> None:
    """Opens an account forty days ago and leads its owner through the story; once only."""
    if User.objects.opened().with_ic_number(person.ic_number).exists():
        return
    with nobody_is_told():
        story(open_account(person, at=at - 420 * DAY), at)


def approve(registration: Registration, at: datetime) -> None:
    """An officer finds everything in order."""
    fresh = Registration.objects.select_related("user").get(pk=registration.pk)
    decisions.approve_registration(registration=fresh, by=officer(at), at=at)


def _insured(user: User, at: datetime, *, plan: int = 1, months: int = 1) -> Registration:
    """Registered, paid and approved at the moment."""
    registration = register(user, at=at)
    pay(registration, at=at, plan=plan, months=months)
    approve(registration, at + DAY)
    return registration


def ends_in_five_days(user: User, at: datetime) -> None:
    _insured(user, at - 26 * DAY)


def draft(user: User, at: datetime) -> None:
    register(user, at=at - DAY, sector="e_hailing", kinds=("lesen",))


def lapsed(user: User, at: datetime) -> None:
    _insured(user, at - 60 * DAY)


def queued(user: User, at: datetime) -> None:
    pay(_insured(user, at - 20 * DAY), at=at - DAY, plan=2, months=12)


def yearly(user: User, at: datetime) -> None:
    registration = register(user, at=at - 100 * DAY, sector="bus")
    pay(registration, at=at - 100 * DAY, plan=4, months=12)
    approve(registration, at - 99 * DAY)


def unpaid(user: User, at: datetime) -> None:
    owe(register(user, at=at - DAY), at=at - DAY)


def awaiting_review(user: User, at: datetime) -> None:
    pay(register(user, at=at - 2 * DAY), at=at - 2 * DAY)


def referred(user: User, at: datetime) -> None:
    owe(register(user, at=at - 3 * DAY, region="sabah"), at=at - 3 * DAY)


def allowed(user: User, at: datetime) -> None:
    registration = register(user, at=at - 3 * DAY, region="sarawak")
    owe(registration, at=at - 3 * DAY)
    fresh = Registration.objects.select_related("user").get(pk=registration.pk)
    decisions.allow_registration(registration=fresh, by=officer(at), at=at - DAY)


def returned(user: User, at: datetime) -> None:
    registration = register(user, at=at - 4 * DAY)
    pay(registration, at=at - 4 * DAY)
    fresh = Registration.objects.select_related("user").get(pk=registration.pk)
    blurred = decisions.Fault(fresh.live_documents[0], "blurred")
    decisions.return_registration(
        registration=fresh, by=officer(at), at=at - 3 * DAY, faults=[blurred]
    )


def rejected(user: User, at: datetime) -> None:
    registration = register(user, at=at - 4 * DAY)
    pay(registration, at=at - 4 * DAY)
    fresh = Registration.objects.select_related("user").get(pk=registration.pk)
    decisions.reject_registration(
        registration=fresh, by=officer(at), at=at - 3 * DAY, reason="wrong_document"
    )


def not_eligible(user: User, at: datetime) -> None:
    register(user, at=at - DAY, expires_in=-DAY)


def failed(user: User, at: datetime) -> None:
    pay(register(user, at=at - DAY), at=at - DAY, code="51")


def cancelled(user: User, at: datetime) -> None:
    pay(register(user, at=at - DAY), at=at - DAY, code="1C")


def undecided(user: User, at: datetime) -> None:
    pay(register(user, at=at - DAY), at=at - 10 * MINUTE, code="09")


def expired(user: User, at: datetime) -> None:
    contribution = owe(register(user, at=at - DAY), at=at - 40 * MINUTE)
    assert contribution
    payment = begin_payment(contribution, at=at - 40 * MINUTE)
    hear(payment, "76", at=at - 19 * MINUTE, is_asked=True)
    enquiries.expire_unseen(at=at - 18 * MINUTE)


def anomaly(user: User, at: datetime) -> None:
    """FPX names another amount than was asked for."""
    contribution = owe(register(user, at=at - DAY), at=at - 30 * MINUTE)
    assert contribution
    hear(begin_payment(contribution, at=at - 30 * MINUTE), at=at - 28 * MINUTE, txnAmount="1.00")


def _person(number: int, name: str, ic_number: str) -> Person:
    first = name.split()[0].lower()
    return Person(name, ic_number, f"+6012340{number:04d}", f"{first}{number}@contoh.my")


_CAST: list[tuple[str, str, str, Story]] = [
    ("Aminah binti Ali", "850101145502", "cover ends in five days", ends_in_five_days),
    ("Boon Kah Wai", "900214075511", "has a draft", draft),
    ("Chandran a/l Muthu", "780630105533", "cover has lapsed", lapsed),
    ("Devi a/p Raman", "880815086624", "has a queued period", queued),
    ("Elias bin Osman", "760909015545", "bus, covered for a year", yearly),
    ("Farid bin Hassan", "910303125517", "referred: an officer looks first", referred),
    ("Gayah binti Dollah", "830512135508", "allowed by an officer, may pay now", allowed),
    ("Hamidah binti Jusoh", "870719035526", "returned: a photo was blurred", returned),
    ("Indra bin Saad", "790228145529", "rejected, cover stands", rejected),
    ("Jamal bin Idris", "930425105531", "submitted, not paid", unpaid),
    ("Kumar a/l Raju", "820606075543", "paid, awaiting review", awaiting_review),
    ("Lim Siew Lan", "950117065548", "licence expired: not eligible", not_eligible),
    ("Mariam binti Noor", "840420115550", "payment failed", failed),
    ("Nathan a/l Samy", "860930105557", "payment cancelled", cancelled),
    ("Ong Teck Huat", "810208045561", "payment undecided", undecided),
    ("Puteri binti Zainal", "890111145564", "payment expired", expired),
    ("Quah Bee Hoon", "920723075566", "paid twice", paid_twice),
    ("Rosli bin Man", "770501025569", "an anomaly: another amount came", anomaly),
    ("Salmah binti Jali", "860412145572", "paid twice, wants it back", chose_refund),
    ("Tan Mei Yee", "910608085574", "paid twice, kept as next period", chose_next_period),
    ("Umar bin Latif", "830917035577", "refund asked for", refund()),
    ("Vasanthi a/p Kumar", "890228105578", "refund approved", refund("approved")),
    ("Wahid bin Karim", "800701135579", "refund sent", refund("approved", "sent")),
    ("Xavier Jomuat", "850320125581", "refund failed", refund("approved", "sent", "failed")),
    ("Yap Soo Fong", "940811065582", "refunded", refund("approved", "sent", "done")),
    ("Zaleha binti Mat", "870530025584", "refund withdrawn", refund("refused")),
]
NAMED = [
    (_person(number, name, ic_number), words, story)
    for number, (name, ic_number, words, story) in enumerate(_CAST)
]


def _covered(user: User, at: datetime) -> None:
    """One of many whose cover began on some day of the last months."""
    ago = (user.pk * 37) % 340 + 1
    _insured(user, at - ago * DAY, plan=user.pk % 4 + 1, months=12)


_CROWD_STORIES: list[Story] = [
    *(_covered for _number in range(6)),
    *(lapsed, awaiting_review, unpaid, ends_in_five_days),
]
_FIRST = ["Ahmad", "Siti", "Tan", "Kavitha", "Mohd", "Nurul", "Lee", "Suresh", "Zainab", "Wong"]
_LAST = ["bin Yusof", "binti Omar", "Wei Ming", "a/p Gopal", "bin Rahim", "Chee Keong"]


def crowd_member(number: int) -> tuple[Person, Story]:
    """The person of that number, always the same, and their story."""
    name = f"{_FIRST[number % len(_FIRST)]} {_LAST[number % len(_LAST)]}"
    year, month, day = 60 + number % 38, number % 12 + 1, number % 28 + 1
    ic_number = f"{year:02d}{month:02d}{day:02d}10{number:04d}"
    return _person(1000 + number, name, ic_number), _CROWD_STORIES[number % len(_CROWD_STORIES)]
