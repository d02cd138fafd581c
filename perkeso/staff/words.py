"""What staff call the models and their columns; the models themselves speak the field's English."""

from typing import Any

from django.db.models import Model
from django.utils.translation import gettext_lazy as _

MODELS: dict[str, Any] = {
    "accounts.user": _("pengguna"),
    "accounts.correction": _("pembetulan"),
    "accounts.emaillink": _("pautan e-mel"),
    "registration.registration": _("pendaftaran"),
    "registration.supportingdocument": _("dokumen"),
    "registration.documentrule": _("peraturan dokumen"),
    "contributions.plan": _("pelan"),
    "contributions.planrate": _("kadar pelan"),
    "contributions.contribution": _("caruman"),
    "contributions.coverageperiod": _("tempoh perlindungan"),
    "receipts.receipt": _("resit"),
    "payments.payment": _("bayaran"),
    "payments.gatewaymessage": _("mesej FPX"),
    "payments.case": _("kes"),
    "payments.bank": _("bank"),
    "perkeso.alarm": _("penggera"),
    "perkeso.outboxrow": _("tugas"),
    "perkeso.auditevent": _("jejak audit"),
}
COLUMNS: dict[str, Any] = {
    "action": _("perbuatan"),
    "amount": _("amaun"),
    "attempts": _("cubaan"),
    "available_from": _("ditawarkan dari"),
    "available_to": _("ditawarkan hingga"),
    "bank_id": _("kod bank"),
    "bank_name": _("bank"),
    "by": _("oleh"),
    "certificate": _("sijil"),
    "channel": _("saluran"),
    "cleared_by": _("diselesaikan oleh"),
    "cleared_at": _("diselesaikan"),
    "closed_at": _("ditutup"),
    "closed_by": _("ditutup oleh"),
    "contribution": _("caruman"),
    "coverage_ends_at": _("tamat"),
    "coverage_starts_at": _("mula"),
    "credit_code": _("kod kredit"),
    "debit_code": _("kod debit"),
    "decided_at": _("diputuskan"),
    "decided_by": _("diputuskan oleh"),
    "detail": _("butiran"),
    "done_at": _("selesai"),
    "drawn_at": _("dilukis"),
    "enquiry_code": _("kod pertanyaan"),
    "expiry_date": _("tarikh tamat"),
    "from_status": _("daripada"),
    "full_name": _("nama"),
    "fpx_transaction_id": _("no. transaksi FPX"),
    "insured_monthly_earnings": _("pendapatan bulanan diinsuranskan"),
    "is_active": _("aktif"),
    "is_online": _("tersedia"),
    "is_staff": _("pegawai"),
    "is_superuser": _("pentadbir"),
    "key": _("kunci"),
    "kind": _("jenis"),
    "language": _("bahasa"),
    "last_error": _("ralat terakhir"),
    "media_type": _("jenis fail"),
    "message": _("mesej FPX"),
    "months": _("bulan"),
    "name": _("nama"),
    "note": _("catatan"),
    "number": _("nombor"),
    "opened_at": _("dibuka"),
    "operator_name": _("syarikat atau pengendali"),
    "old_full_name": _("nama dahulu"),
    "order_number": _("no. pesanan"),
    "original_name": _("nama fail"),
    "parked_at": _("diketepikan"),
    "payment": _("bayaran"),
    "payment_reference": _("rujukan bayaran"),
    "plan": _("pelan"),
    "plan_number": _("pelan"),
    "proposed_at": _("dicadangkan"),
    "proposed_by": _("dicadangkan oleh"),
    "reason": _("sebab"),
    "reason_note": _("catatan"),
    "reference": _("rujukan"),
    "region": _("kawasan"),
    "registration": _("pendaftaran"),
    "sector": _("jenis perkhidmatan"),
    "seen_count": _("kali dilihat"),
    "sha256": _("SHA-256"),
    "size": _("saiz (bait)"),
    "status": _("status"),
    "subject_id": _("no. subjek"),
    "subject_type": _("subjek"),
    "to_status": _("kepada"),
    "user": _("pengguna"),
    "username": _("nama pengguna"),
    "vehicle_number": _("no. pendaftaran kenderaan"),
    "verdict": _("penilaian"),
}


def speak_malay(model: type[Model]) -> None:
    """Names a model and its columns for staff; migrations see the models' own names."""
    meta: Any = model._meta
    words = MODELS.get(meta.label_lower)
    if words is not None:
        meta.verbose_name = meta.verbose_name_plural = words
    for field in meta.fields:
        if field.name in COLUMNS and not field._verbose_name:
            field.verbose_name = COLUMNS[field.name]
