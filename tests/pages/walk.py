"""A person who owns one of everything, and the arguments with which each url names what is hers."""

from datetime import timedelta

from django.contrib import admin
from django.urls import URLPattern, URLResolver, get_resolver

from accounts.models import AccountCase, Correction, LogIn, PersonalCopy
from accounts.services.corrections import propose_correction
from accounts.services.devices import remember_device
from contributions.models import Contribution
from foundation import audit, proposals
from foundation.alarms import raise_alarm
from foundation.proposals import Proposal
from payments.models import Payment, PaymentCase, Refund, SettlementFile
from payments.services import reconciliation
from perkeso.privacy.services import request_copy
from receipts.models import Receipt
from registration.models import Registration, SupportingDocument
from registration.services import exports
from tests.accounts.test_cases import make_case
from tests.factories import (
    AT,
    make_contribution,
    make_officer,
    make_payment,
    make_refund,
    make_registration,
    make_settlement_file,
    make_user,
)

NAME = "Norhayati binti Salleh"


def make_owner(**particulars):
    """Approved and paid, with a receipt and a row in every list."""
    owner = make_user(NAME, **particulars)
    registration = make_registration(owner, "approved")
    payment = make_payment(make_contribution(registration), "succeeded")
    case = PaymentCase.objects.create(kind="double_payment", payment=payment, opened_at=AT)
    make_refund(case)
    make_case()
    propose_correction(
        user=owner,
        full_name="Norhayati binti Saleh",
        ic_number=owner.ic_number,
        reason="Tersalah eja",
        by=make_officer("Encik Selvam"),
        at=AT,
    )
    proposals.propose(
        kind=Proposal.Kind.PLAN_RATE,
        about={"plan_number": 1, "months": 1},
        follows={"amount": "15.00", "insured_monthly_earnings": "1200.00"},
        effective_from=AT.date() + timedelta(days=40),
        reason="P.U.(A) 1/2027",
        by=make_officer("Encik Hafiz"),
        at=AT,
    )
    reconciliation.record_settlement_file(
        raw=make_settlement_file(), name="hari.csv", by=make_officer("Puan Finaz"), at=AT
    )
    request_copy(user=owner, at=AT)
    raise_alarm("outbox_late", "1", at=AT)
    audit.record("account_opened", subject=owner, at=AT)
    return owner


def routes(resolver=None, namespace=()):
    """Every (name, arguments, view) of the urlconf; Django's unnamed redirects left out."""
    for entry in (resolver or get_resolver()).url_patterns:
        if isinstance(entry, URLResolver):
            inner = (*namespace, entry.namespace) if entry.namespace else namespace
            yield from routes(entry, inner)
        elif isinstance(entry, URLPattern) and entry.name:
            names = list(entry.pattern.converters) or list(entry.pattern.regex.groupindex)
            yield ":".join((*namespace, entry.name)), names, entry.callback


def is_public(view):
    """True for what a stranger may open."""
    return getattr(view, "login_required", True) is False


def arguments_of(owner):
    """A function from a url's name and its arguments' names to the values that name her rows."""
    registration = Registration.objects.get(user=owner)
    receipt = Receipt.objects.get(user=owner)
    payment = Payment.objects.for_user(owner).get()
    log_in = LogIn.objects.create(user=owner, browser="Chrome, Android", at=AT)
    device = remember_device(user=owner, old_secret="", at=AT)
    export = exports.request_export(which="all", by=make_officer(), at=AT)
    document = SupportingDocument.objects.filter(registration=registration)[0]
    rows = {
        "accounts:forget_device": device.pk,
        "accounts:end_log_in": log_in.pk,
        "registration:document_file": document.public_id,
        "registration:thumbnail": document.public_id,
        "registration:choose": registration.public_id,
        "receipts:receipt": receipt.public_id,
        "receipts:download": receipt.public_id,
        "payments:choose_bank": Contribution.objects.for_user(owner).get().public_id,
        "download_copy": PersonalCopy.objects.get(user=owner).public_id,
        "admin:export_download": export.public_id,
        "admin:payments_settlementfile_review": SettlementFile.objects.get().pk,
        "admin:accounts_accountcase_decide": AccountCase.objects.get().pk,
        "admin:payments_paymentcase_review": PaymentCase.objects.get(kind="double_payment").pk,
        "admin:payments_paymentcase_close": PaymentCase.objects.get(kind="double_payment").pk,
        "admin:payments_paymentcase_stop_waiting": PaymentCase.objects.get(
            kind="double_payment"
        ).pk,
        "admin:payments_refund_request": PaymentCase.objects.get(kind="double_payment").pk,
        "admin:payments_refund_approve": Refund.objects.get().pk,
        "admin:payments_refund_record": Refund.objects.get().pk,
        "admin:foundation_proposal_decide": Proposal.objects.get().pk,
        "admin:accounts_correction_decide": Correction.objects.get().pk,
        "admin:receipts_receipt_correct": receipt.pk,
    }
    by_name = {
        "reference": payment.reference,
        "token": "x" * 43,
        "language": "en",
        "code": "x" * 20,
        "kind": "lesen",
        "sector": "taxi",
        "year": AT.year,
        "public_id": document.public_id,
        "number": 1,
        "day": f"{AT:%Y-%m-%d}",
        "app_label": "accounts",
        "content_type_id": 1,
        "url": "tiada/",
    }

    def arguments(name, names):
        if name in rows:
            return [rows[name]]
        if name.startswith("admin:accounts_user"):
            by_name["pk"] = owner.pk
        if name.startswith("admin:registration_registration"):
            by_name["pk"] = registration.pk
        if "object_id" in names:
            by_name["object_id"] = 1 if name == "admin:view_on_site" else newest_row(name)
        return [by_name[one] for one in names]

    return arguments


def newest_row(name):
    """The newest row of the model whose page at the desk this is."""
    for model, shown in admin.site._registry.items():
        if name.startswith(f"admin:{shown.opts.app_label}_{shown.opts.model_name}_"):
            return model._base_manager.latest("pk").pk
    raise LookupError(name)
