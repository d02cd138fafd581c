"""People who never were, led through the portal by its own services, at past moments."""

from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from functools import cache
from io import BytesIO
from unittest.mock import patch
from uuid import uuid4

from django.conf import settings
from django.core.files.base import ContentFile
from django.db import transaction
from PIL import Image, ImageDraw

from accounts.models import Code, EmailLink, User
from accounts.services import opening, sign_up
from contributions.models import Contribution, PlanRate
from contributions.services import contributing, plans
from development.exchange import answer
from foundation import outbox
from foundation.models import OutboxRow
from payments.models import Bank, Payment
from payments.services import attempts, messages
from registration.media import AcceptedFile, Reading
from registration.models import Registration
from registration.reader.reading import reencode
from registration.services import drafts, uploads
from registration.tasks import keep_reading

PASSWORD = "kereta merah di tepi sungai"  # of every demo person, printed with the log-ins
PHRASE = "durian hujan petang"
DRAWN_AT_ONCE = "receipts.draw_receipt"


@dataclass(frozen=True)
class Person:
    """Who signs up."""

    full_name: str
    ic_number: str
    phone: str
    email: str


@contextmanager
def nobody_is_told() -> Iterator[None]:
    """Draws the receipts of what happens inside; mails and texts of the past are not sent."""
    drawings: list[tuple[outbox.Act, int, datetime]] = []

    def note_as_done(
        acts: Sequence[outbox.Act], subject_id: int, *, at: datetime
    ) -> list[OutboxRow]:
        drawings.extend((act, subject_id, at) for act in acts if act.kind == DRAWN_AT_ONCE)
        facts = {"subject_id": subject_id, "created_at": at, "next_attempt_at": at, "done_at": at}
        return [OutboxRow.objects.create(kind=act.kind, **facts) for act in acts]

    # A row of the past that were due would be swept at once, and alarmed about.
    with patch.object(outbox, "add_all", note_as_done):
        yield
    for act, subject_id, at in drawings:
        act.handler(subject_id, at=at)


@transaction.atomic
def open_account(person: Person, *, at: datetime) -> User:
    """Steps 3 to 7 of the guide, with a code and a link of the past."""
    particulars = sign_up.Particulars(
        ic_number=person.ic_number,
        full_name=person.full_name,
        phone=person.phone,
        email=person.email,
        language="ms",
        consent_version=settings.PRIVACY_NOTICE_VERSION,
    )
    user = sign_up.begin_sign_up(
        attempt=uuid4(), particulars=particulars, network=person.ic_number, at=at
    )
    code = Code.objects.get(device=user.phone_device)
    digits = user.phone_device.generate_token(code, at=at)
    sign_up.confirm_phone(
        sign_up=user, digits=digits, network=person.ic_number, old_secret="", at=at
    )
    link = EmailLink.objects.get(user=user)
    link.make_token(at=at)
    opening.open_account(link_id=link.pk, phrase=PHRASE, password=PASSWORD, old_secret="", at=at)
    return User.objects.get(pk=user.pk)


def officer(at: datetime, username: str = "rohani", full_name: str = "Rohani binti Salleh") -> User:
    """Who decided in the past; nobody can log in as her."""
    one, _is_new = User.objects.get_or_create(
        username=username,
        defaults={"full_name": full_name, "created_at": at, "is_staff": True},
    )
    return one


@cache
def _photo(words: str) -> bytes:
    """A card of plain colour with its name on it."""
    picture = Image.new("RGB", (1200, 760), "#e8eefc")
    draw = ImageDraw.Draw(picture)
    draw.rounded_rectangle(
        (40, 40, 1160, 720), radius=48, fill="#ffffff", outline="#1d4ed8", width=8
    )
    draw.text((120, 130), words.upper(), fill="#18181b", font_size=72)
    draw.text((120, 560), "CONTOH / SAMPLE", fill="#52525b", font_size=56)
    kept = BytesIO()
    picture.save(kept, "JPEG", quality=80)
    return kept.getvalue()


@cache
def _reading(words: str) -> Reading:
    """What the worker makes of that photo."""
    made = reencode(_photo(words))
    return Reading(made.content, made.media_type, made.thumbnail)


def attach(registration: Registration, kind: str, *, expiry_date: date, at: datetime) -> None:
    """Uploads one document of the registration; the worker has read it at once."""
    content = _photo(kind)
    file = AcceptedFile(ContentFile(content, f"{kind}.jpg"), f"{kind}.jpg", len(content))
    document = uploads.attach_document(
        registration=registration,
        kind=kind,
        number=f"D{registration.pk:07d}",
        expiry_date=expiry_date,
        file=file,
        at=at,
    )
    keep_reading(document, _reading(kind), at=at)


def register(
    user: User,
    *,
    at: datetime,
    sector: str = "taxi",
    region: str = "peninsular",
    kinds: tuple[str, ...] = ("lesen", "psv"),
    expires_in: timedelta = timedelta(days=900),
) -> Registration:
    """The form and uploads of step 12, not yet submitted."""
    registration = drafts.save_service(user=user, sector=sector, region=region, at=at)
    registration = drafts.save_details(
        registration=registration,
        citizenship="citizen",
        address_line_1="12 Jalan Melati",
        address_line_2="Taman Indah",
        postcode="43000",
        town="Kajang",
        state="selangor",
        operator_name="Teksi Bersama" if sector == "taxi" else "",
        vehicle_number=f"VAB {registration.pk}",
        at=at,
    )
    for kind in kinds:
        attach(registration, kind, expiry_date=(at + expires_in).date(), at=at)
    return registration


def owe(
    registration: Registration, *, at: datetime, plan: int = 1, months: int = 1
) -> Contribution | None:
    """Ticks a plan and presses "Hantar & bayar"; None when the rules refer."""
    rate = PlanRate.objects.on_offer(at.date()).get(plan_number=plan, months=months)
    registration = Registration.objects.select_related("user").get(pk=registration.pk)
    plans.choose_plan(registration=registration, rate=rate, at=at)
    return contributing.submit_and_pay(registration=registration, by=registration.user, at=at)


def begin_payment(contribution: Contribution, *, at: datetime) -> Payment:
    """Chooses the bank of step 13; the browser is at FPX."""
    bank, _is_new = Bank.objects.get_or_create(
        bank_id="TEST0021", defaults={"name": "SBI Bank A", "is_online": True, "listed_at": at}
    )
    return attempts.start_payment(contribution=contribution, bank=bank, buyer_email="", at=at)


def hear(
    payment: Payment, code: str = "00", *, at: datetime, is_asked: bool = False, **changes: str
) -> Payment:
    """FPX says what became of a payment, at the moment `at`; unasked, or when we enquired."""
    if is_asked:  # what `enquire` notes before it asks
        Payment.objects.filter(pk=payment.pk).update(last_enquired_at=at)
    raw = answer(payment, code, at=at - timedelta(seconds=20), **changes)
    messages.record_message(channel="enquiry" if is_asked else "callback", raw=raw, at=at)
    return Payment.objects.get(pk=payment.pk)


def pay(
    registration: Registration, *, at: datetime, plan: int = 1, months: int = 1, code: str = "00"
) -> Payment:
    """From the plan to the bank's word, which comes two minutes later."""
    contribution = owe(registration, at=at, plan=plan, months=months)
    assert contribution, "a referred registration cannot be paid"
    return hear(begin_payment(contribution, at=at), code, at=at + timedelta(minutes=2))
