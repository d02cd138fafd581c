"""People and their papers, made by the real services so that they cannot drift from the rules."""

from datetime import date, datetime, timedelta
from itertools import count
from pathlib import Path
from zoneinfo import ZoneInfo

from django.core.files.base import ContentFile
from django_otp.plugins.otp_totp.models import TOTPDevice

from accounts.models import User
from contributions import services as contributions
from contributions.models import PlanRate
from registration import services as registrations
from registration.media import AcceptedFile
from registration.models import Registration

AT = datetime(2026, 11, 22, 10, 0, tzinfo=ZoneInfo("Asia/Kuala_Lumpur"))
DATA = Path(__file__).parent / "data"
FAR = date(2030, 12, 31)
_numbers = count(1)


# --- accounts ------------------------------------------------------------------------------
def make_user(name="Aminah binti Ali", *, ic_number=None, at=AT, **fields):
    """A driver whose account is open."""
    number = next(_numbers)
    return User.objects.create_user(
        f"pemandu{number}",
        "kereta merah di tepi sungai",
        full_name=name,
        ic_number=ic_number or f"85010114{number:04d}",
        phone=f"+60123{number:06d}",
        email=f"pemandu{number}@contoh.com",
        secret_phrase="durian hujan petang",
        created_at=at,
        opened_at=at,
        is_active=True,
        **fields,
    )


def make_officer(name="Puan Rohani", *, is_superuser=True, at=AT):
    """An officer with a confirmed authenticator; his only device is `officer.totpdevice_set`."""
    officer = User.objects.create_user(
        f"pegawai{next(_numbers)}",
        "kata laluan pegawai",
        full_name=name,
        created_at=at,
        is_active=True,
        is_staff=True,
        is_superuser=is_superuser,
    )
    TOTPDevice.objects.create(user=officer, name="telefon", confirmed=True)
    return officer


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


def make_file(name="lesen.jpg", *, media_type="image/jpeg", content=None):
    """A file that was accepted."""
    content = (DATA / "lesen.jpg").read_bytes() if content is None else content
    return AcceptedFile(ContentFile(content, name), media_type, name, len(content))


def make_document(registration, kind="lesen", *, expiry_date=FAR, at=AT, **file):
    """A document of this kind, attached."""
    return registrations.attach_document(
        registration=registration,
        kind=kind,
        number="D1234567",
        expiry_date=expiry_date,
        file=make_file(**file),
        at=at,
    )


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
    registration = registrations.save_service(user=user, sector=sector, region=region, at=at)
    registrations.save_details(registration=registration, at=at, **(PARTICULARS | particulars))
    for kind in kinds:
        make_document(registration, kind, at=at)
    if status == "draft":
        return _fresh(registration)
    registration = registrations.submit_registration(registration=registration, by=user, at=at)
    if is_paid or status in {"approved", "returned", "rejected"}:
        registration = registrations.queue_for_review(registration=registration, at=at)
    if status in {"approved", "returned", "rejected"}:
        decide(registration, status, officer or make_officer(at=at), at + timedelta(minutes=5))
    return _fresh(registration)


def decide(registration, status, officer, at=AT):
    """The officer's decision that leads to `status`."""
    if status == "approved":
        registrations.approve_registration(registration=registration, by=officer, at=at)
    elif status == "returned":
        registrations.return_registration(
            registration=registration, by=officer, at=at, reason="blurred"
        )
    else:
        registrations.reject_registration(
            registration=registration, by=officer, at=at, reason="wrong_document"
        )


def _fresh(registration):
    return Registration.objects.select_related("user").get(pk=registration.pk)


# --- contributions -------------------------------------------------------------------------
def get_rate(plan=1, months=1):
    """A rate of the scheme's table."""
    return PlanRate.objects.select_related("plan").get(plan__number=plan, months=months)


def make_contribution(registration, *, plan=1, months=1, at=AT):
    """What is owed: a plan ticked, and "Hantar & bayar" pressed."""
    contributions.choose_plan(registration=registration, rate=get_rate(plan, months), at=at)
    return contributions.submit_and_pay(registration=registration, by=registration.user, at=at)


def make_cover(registration, *, plan=1, months=1, issued_at=AT):
    """A paid contribution's period, without its receipt; the registration may be paid for."""
    contribution = make_contribution(registration, plan=plan, months=months, at=issued_at)
    return contributions.start_coverage(contribution=contribution, issued_at=issued_at)
