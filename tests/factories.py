"""People and their papers, made by the real services so that they cannot drift from the rules."""

from datetime import date, datetime, timedelta
from decimal import Decimal
from itertools import count
from pathlib import Path
from uuid import uuid4
from zoneinfo import ZoneInfo

from django.contrib.auth.models import Group
from django.core.files.base import ContentFile
from django.core.files.storage import default_storage

from accounts.models import Authenticator, PhoneDevice, User
from accounts.services.corrections import approve_correction, propose_correction
from accounts.services.opening import open_account
from accounts.services.sign_up import Particulars, begin_sign_up, confirm_phone
from contributions.models import PlanRate
from contributions.services import contributing, cover, plans
from foundation.models import OutboxRow
from foundation.wording import local
from payments.models import Bank, Payment, PaymentCase
from payments.services import attempts, enquiries, messages, refunds
from receipts.services import issuing
from registration import clamav
from registration.media import AcceptedFile, Reading
from registration.models import DocumentRule, Registration, SupportingDocument
from registration.models.documents import new_file_key
from registration.services import decisions, drafts, submission, uploads
from registration.tasks import keep_reading, read_document
from tests.payments import fakes

AT = datetime(2026, 11, 22, 10, 0, tzinfo=ZoneInfo("Asia/Kuala_Lumpur"))
DATA = Path(__file__).parent / "data"
THUMBNAIL = (DATA / "lesen-kecil.jpg").read_bytes()
PARTS = [("file", (DATA / "lesen.jpg").read_bytes()), ("thumbnail", THUMBNAIL)]
FAR = date(2030, 12, 31)
PHRASE = "durian hujan petang"
PASSWORD = "kereta merah di tepi sungai"
_numbers = count(1)


# --- accounts ------------------------------------------------------------------------------
def make_user(name="Aminah binti Ali", *, ic_number=None, at=AT, **fields):
    """A driver whose account is open."""
    number = next(_numbers)
    values = {
        "ic_number": ic_number or f"85010114{number:04d}",
        "phone": f"+60123{number:06d}",
        "email": f"pemandu{number}@contoh.com",
        "secret_phrase": PHRASE,
        "consent_version": "2026-11",
        "consent_language": "ms",
        "consented_at": at,
        "created_at": at,
        "phone_proved_at": at,
        "opened_at": at,
        "is_active": True,
    }
    user = User.objects.create_user(
        f"pemandu{number}", PASSWORD, full_name=name, **(values | fields)
    )
    PhoneDevice.objects.create(user=user, name="SMS")
    return user


def make_particulars(name="Boon bin Chandran", *, ic_number=None, phone=None, **fields):
    """What a sign-up form asks; nobody else has this IC number and phone."""
    number = next(_numbers)
    values = {
        "ic_number": ic_number or f"90031510{number:04d}",
        "full_name": name,
        "phone": phone or f"+6012{number:07d}",
        "email": f"boon{number}@contoh.com",
        "language": "ms",
        "consent_version": "2026-11",
    }
    return Particulars(**(values | fields))


def make_sign_up(name="Boon bin Chandran", *, at=AT, **particulars):
    """Somebody who typed his particulars and was asked for a code."""
    return begin_sign_up(
        attempt=uuid4(),
        particulars=make_particulars(name, **particulars),
        network=f"rangkaian {next(_numbers)}",
        at=at,
    )


def make_code(user, purpose="sign_up", *, at=AT):
    """The digits of the code that `user` asked for last, made as the worker makes them."""
    code = user.phone_device.codes.filter(purpose=purpose).latest("pk")
    return user.phone_device.generate_token(code, at=at)


def make_token(user, purpose="activate", *, at=AT):
    """The token of the link that `user` asked for last, made as the worker makes it."""
    return user.links.filter(purpose=purpose).latest("pk").make_token(at)


def prove_phone(sign_up, *, at=AT):
    """Types the code of a sign-up; returns the browser's known device."""
    return confirm_phone(
        sign_up=sign_up, digits=make_code(sign_up, at=at), network="", old_secret="", at=at
    )


def make_account(name="Aminah binti Ali", *, at=AT, **particulars):
    """A driver who walked steps 3 to 7; `make_user` makes one without the walk."""
    sign_up = make_sign_up(name, at=at, **particulars)
    prove_phone(sign_up, at=at)
    make_token(sign_up, at=at)
    link = sign_up.links.latest("pk")
    open_account(link_id=link.pk, phrase=PHRASE, password=PASSWORD, old_secret="", at=at)
    sign_up.refresh_from_db()
    return sign_up


def make_officer(name="Puan Rohani", *, group=None, is_superuser=None, at=AT):
    """An officer with a confirmed authenticator; his only device is `officer.authenticator_set`.

    Without a group he may do everything, unless told otherwise.
    """
    if is_superuser is None:
        is_superuser = group is None
    officer = User.objects.create_user(
        f"pegawai{next(_numbers)}",
        "kata laluan pegawai",
        full_name=name,
        created_at=at,
        is_active=True,
        is_staff=True,
        is_superuser=is_superuser,
    )
    if group:
        officer.groups.add(Group.objects.get(name=group))
    Authenticator.objects.create(user=officer, name="telefon", confirmed=True)
    return officer


def correct_name(user, full_name="Aminah binti Ahmad", *, at, decide=approve_correction):
    """Two officers decide about the name."""
    correction = propose_correction(
        user=user,
        full_name=full_name,
        ic_number=user.ic_number,
        reason="Ejaan MyKad",
        by=make_officer(),
        at=at,
    )
    decide(correction=correction, by=make_officer("Encik Selvam"), at=at)


# --- registration --------------------------------------------------------------------------
PARTICULARS = {
    "citizenship": "citizen",
    "address_line_1": "12 Jalan Melati",
    "address_line_2": "",
    "postcode": "43000",
    "town": "Kajang",
    "state": "selangor",
    "operator_name": "",
    "vehicle_number": "VAB 1234",
}


def make_file(name="lesen.jpg", *, content=None):
    """A file that may be read."""
    content = (DATA / "lesen.jpg").read_bytes() if content is None else content
    return AcceptedFile(ContentFile(content, name), name, len(content))


def make_document(
    registration,
    kind="lesen",
    *,
    expiry_date=FAR,
    at=AT,
    name="lesen.jpg",
    content=None,
    media_type="image/jpeg",
    hints=(),
    pages=(),
):
    """A document of this kind, attached; `content` is also what reading the file made of it."""
    file = make_file(name, content=content)
    document = uploads.attach_document(
        registration=registration,
        kind=kind,
        number="D1234567",
        expiry_date=expiry_date,
        file=file,
        at=at,
    )
    file.content.seek(0)
    return read(document, Reading(file.content.read(), media_type, THUMBNAIL, hints, pages), at=at)


def read(document, reading=None, *, at=AT):
    """The worker has read the document's file, and its outbox row is done; nothing is decoded."""
    if reading is None:
        reading = Reading((DATA / "lesen.jpg").read_bytes(), "image/jpeg", THUMBNAIL)
    keep_reading(document, reading, at=at)
    OutboxRow.objects.filter(kind=read_document.kind, subject_id=document.pk).delete()
    return SupportingDocument.objects.select_related("registration__user").get(pk=document.pk)


_sent = {}  # what the services wrote when a usual document was sent first, by kind


def send_usual(registration, kind, *, at=AT):
    """`make_document` without options.

    Most tests need two and mean none, so the services send each kind once; then its rows are
    copied, in four statements instead of thirty. The day's count of uploads is not.
    """
    if clamav.is_on() or registration.documents.filter(kind=kind).exists():
        make_document(registration, kind, at=at)
        return
    if kind not in _sent:
        document = make_document(registration, kind, at=at)
        _sent[kind] = document, list(document.status_changes.all())
        return
    document, changes = _sent[kind]
    files = {name: default_storage.save(new_file_key(), ContentFile(part)) for name, part in PARTS}
    moments = {"uploaded_at": at, "attached_at": at}
    own = {"registration": registration, "public_id": uuid4()}
    twin = copied(document, **own, **moments, **files)
    for change in changes:
        copied(change, document=twin, at=at)


def copied(row, **changed):
    """Another row like this one, but for what is `changed`."""
    kept = {
        field.attname: getattr(row, field.attname)
        for field in row._meta.concrete_fields
        if field.name not in changed and not field.primary_key
    }
    return type(row).objects.create(**kept, **changed)


def make_registration(
    user,
    status="draft",
    *,
    sector="taxi",
    region=None,
    kinds=("lesen", "psv"),
    officer=None,
    is_paid=None,
    at=AT,
    **particulars,
):
    """A registration that the services brought to `status`.

    Submitted ones are unpaid unless `is_paid`; referred ones drive in Sabah with a PSV card only.
    """
    region = region or ("sabah" if status == "referred" else "peninsular")
    registration = drafts.save_service(user=user, sector=sector, region=region, at=at)
    drafts.save_details(registration=registration, at=at, **(PARTICULARS | particulars))
    for kind in kinds:
        send_usual(registration, kind, at=at)
    if status == "draft":
        return _fresh(registration)
    registration = submission.submit_registration(registration=registration, by=user, at=at)
    if is_paid or status in {"approved", "returned", "rejected"}:
        registration = submission.queue_for_review(registration=registration, at=at)
    if status in {"approved", "returned", "rejected"}:
        decide(registration, status, officer or make_officer(at=at), at + timedelta(minutes=5))
    return _fresh(registration)


def decide(registration, status, officer, at=AT):
    """The officer's decision that leads to `status`."""
    if status == "approved":
        decisions.approve_registration(registration=registration, by=officer, at=at)
    elif status == "returned":
        decisions.return_registration(
            registration=registration, by=officer, at=at, reason="blurred"
        )
    else:
        decisions.reject_registration(
            registration=registration, by=officer, at=at, reason="wrong_document"
        )


def _fresh(registration):
    return Registration.objects.select_related("user").get(pk=registration.pk)


# --- contributions -------------------------------------------------------------------------
def get_rate(plan=1, months=1):
    """A rate of the scheme's table."""
    return PlanRate.objects.filter(plan_number=plan, months=months).latest("available_from")


def follow_rate(plan=1, months=1, *, amount="14.00", insured="1050.00", on=None):
    """Another rate follows from `on` (today), as was agreed the day before."""
    on = on or AT.date()
    return plans.follow_rate(
        plan_number=plan,
        months=months,
        effective_from=on,
        price=plans.Price(Decimal(amount), Decimal(insured)) if amount else None,
        at=AT + timedelta(days=(on - AT.date()).days - 1),
    )


def write_rules(rows=None, **changes):
    """As if the document rules had been agreed so from the beginning."""
    for rule in list(DocumentRule.objects.all() if rows is None else rows):
        rule.delete()
        rule.pk = None
        for name, value in changes.items():
            setattr(rule, name, value)
        rule.save(force_insert=True)


def make_contribution(registration, *, plan=1, months=1, at=AT):
    """What is owed: a plan ticked, and "Hantar & bayar" pressed."""
    plans.choose_plan(registration=registration, rate=get_rate(plan, months), at=at)
    return contributing.submit_and_pay(registration=registration, by=registration.user, at=at)


def make_cover(registration, *, plan=1, months=1, issued_at=AT):
    """A paid contribution's period, without its receipt; the registration may be paid for."""
    contribution = make_contribution(registration, plan=plan, months=months, at=issued_at)
    return cover.start_coverage(contribution=contribution, issued_at=issued_at)


# --- payments ------------------------------------------------------------------------------
BANKS = {"TEST0021": "SBI Bank A", "MB2U0227": "Maybank2U", "RHB0218": "RHB Bank"}


def make_banks(*, offline=("RHB0218",), at=AT):
    """FPX's last list; returns the first bank of it."""
    for bank_id, name in BANKS.items():
        Bank.objects.update_or_create(
            bank_id=bank_id,
            defaults={"name": name, "is_online": bank_id not in offline, "listed_at": at},
        )
    return Bank.objects.get(bank_id="TEST0021")


def make_payment(contribution, status="started", *, at=AT, **facts):
    """An attempt that FPX's signed messages brought to `status`; `facts` are those of the answer.

    "expired" is one that FPX had not seen 21 minutes after its start.
    """
    payment = attempts.start_payment(
        contribution=contribution, bank=make_banks(at=at), buyer_email="", at=at
    )
    code = {"succeeded": "00", "failed": "51", "pending": "09", "expired": "76"}.get(status)
    channel = "enquiry" if status == "expired" else "callback"
    if code:
        later = at + timedelta(minutes=21 if status == "expired" else 1)
        tell(payment, code, channel=channel, at=later, **facts)
        enquiries.expire_unseen(at=later)
    return Payment.objects.get(pk=payment.pk)


def tell(payment, code="00", *, channel="callback", at=None, key_name="fpx.key", **facts):
    """FPX says of the payment what the code says; a minute after its start unless told."""
    raw = fakes.answer(payment, code, key_name=key_name, **facts)
    at = at or payment.started_at + timedelta(minutes=1)
    if channel == "enquiry":  # what `enquire` notes before it asks
        Payment.objects.filter(pk=payment.pk).update(last_enquired_at=at)
    return messages.record_message(channel=channel, raw=raw, at=at)


def make_double_payment(contribution, *, at=AT):
    """The open case of money taken twice: an expired attempt succeeds after a second one."""
    first = make_payment(contribution, "expired", at=at)
    make_payment(contribution, "succeeded", at=at + timedelta(minutes=30))
    tell(first, at=at + timedelta(minutes=40))
    return PaymentCase.objects.select_related("payment").get(payment=first, kind="double_payment")


def make_refund(case, status="requested", *, at=AT, amount=None, by=None, approver=None):
    """A refund of all that the case's payment took, which two officers brought to `status`."""
    by = by or make_officer("Puan Rohani", at=at)
    refund = refunds.request_refund(
        case=case, amount=amount or case.payment.amount, reason="Dibayar dua kali", by=by, at=at
    )
    approver = approver or make_officer("Encik Selvam", at=at)
    for step in REFUND_STEPS[status]:
        move_refund(refund, step, by=by if step != "approved" else approver, at=at)
    return refund


REFUND_STEPS = {
    "requested": [],
    "approved": ["approved"],
    "sent": ["approved", "sent"],
    "done": ["approved", "sent", "done"],
    "failed": ["approved", "sent", "failed"],
    "refused": ["refused"],
}


def move_refund(refund, to, *, by, at=AT):
    """The officer's act that leads to `to`."""
    act = {"refund": refund, "by": by, "at": at}
    match to:
        case "approved":
            refunds.approve_refund(**act)
        case "refused":
            refunds.refuse_refund(**act, reason="Tersilap")
        case "sent":
            refunds.record_refund_sent(**act, bank_reference="WV-1")
        case "done":
            refunds.record_refund_done(**act, note="Selesai")
        case "failed":
            refunds.record_refund_failed(**act, note="Akaun ditutup")


def settlement_line(payment, *, number=0, order=None, transaction=None, amount=None):
    """The acquirer's line about a payment; `number` makes another transaction of it."""
    at = local(payment.fpx_transaction_at or payment.started_at)
    known = payment.fpx_transaction_id or fakes.transaction_id_of(payment)
    transaction = transaction or (f"9{number:015d}" if number else known)
    fields = [order or payment.reference, transaction, f"{at:%Y%m%d%H%M%S}"]
    return ",".join(["D", *fields, amount or str(payment.amount)])


def make_settlement_file(*lines, seller="SE00009999", day="20261122"):
    """A whole settlement file with these lines."""
    total = sum((Decimal(line.rpartition(",")[2]) for line in lines), Decimal("0.00"))
    records = [f"H,{seller},{day},MYR", *lines, f"T,{len(lines)},{total}"]
    return "".join(f"{record}\r\n" for record in records).encode()


# --- receipts ------------------------------------------------------------------------------
def make_receipt(registration, *, plan=1, months=1, issued_at=AT, **facts):
    """A contribution owed, paid and certified at `issued_at`; its PDF is not drawn."""
    contribution = make_contribution(registration, plan=plan, months=months, at=issued_at)
    number = next(_numbers)
    stated = {
        "payment_reference": f"261122K7F3A{number:05d}",
        "bank_name": "SBI BANK A",
        "fpx_transaction_id": f"26112210{number:08d}",
        "fpx_transaction_at": issued_at - timedelta(seconds=74),
    }
    return issuing.issue_receipt(
        contribution=contribution, issued_at=issued_at, at=issued_at, **(stated | facts)
    )
