"""What the columns of one's data are called in the copy, in the language of who reads it.

Columns that the desk shows have their words there.
"""

from typing import Any

from django.db.models import Model
from django.utils.translation import gettext_lazy as _

from staff.words import COLUMNS

Facts = dict[str, list[dict[str, Any]]]

PARTS: dict[str, Any] = {
    "akaun": _("akaun"),
    "persetujuan": _("persetujuan"),
    "log_masuk": _("log masuk"),
    "peranti": _("peranti"),
    "pertukaran_telefon_e_mel": _("pertukaran telefon dan e-mel"),
    "pembetulan": _("pembetulan"),
    "sejarah_pembetulan": _("sejarah pembetulan"),
    "kes_akaun": _("kes akaun"),
    "sejarah_kes_akaun": _("sejarah kes akaun"),
    "pendaftaran": _("pendaftaran"),
    "sejarah_pendaftaran": _("sejarah pendaftaran"),
    "dokumen": _("dokumen"),
    "dokumen_dipulangkan": _("dokumen dipulangkan"),
    "sejarah_dokumen": _("sejarah dokumen"),
    "pilihan_pelan": _("pilihan pelan"),
    "caruman": _("caruman"),
    "sejarah_caruman": _("sejarah caruman"),
    "perlindungan": _("perlindungan"),
    "peringatan": _("peringatan"),
    "resit": _("resit"),
    "bayaran": _("bayaran"),
    "sejarah_bayaran": _("sejarah bayaran"),
    "mesej_fpx": _("mesej FPX"),
    "baris_penyata_bank": _("baris penyata bank"),
    "kes_bayaran": _("kes bayaran"),
    "sejarah_kes_bayaran": _("sejarah kes bayaran"),
    "bayaran_balik": _("bayaran balik"),
    "sejarah_bayaran_balik": _("sejarah bayaran balik"),
    "jejak_audit": _("siapa berbuat apa"),
}
_MORE: dict[str, Any] = {
    "id": _("no. baris"),
    "account_case": _("kes akaun"),
    "address_line_1": _("alamat baris 1"),
    "address_line_2": _("alamat baris 2"),
    "allowed_for": _("dibenarkan untuk"),
    "anchor_at": _("dikira dari"),
    "approved_at": _("diluluskan pada"),
    "attached_at": _("dilampirkan pada"),
    "authorisation_pending_at": _("menunggu kelulusan sejak"),
    "browser": _("pelayar"),
    "case": _("kes"),
    "change": _("perubahan"),
    "changed_at": _("berubah pada"),
    "chosen_at": _("dipilih pada"),
    "citizenship": _("kewarganegaraan"),
    "code": _("kod pengesahan"),
    "confirmed_at": _("disahkan pada"),
    "confirmed_by": _("disahkan oleh"),
    "consent_language": _("bahasa notis privasi"),
    "consent_version": _("versi notis privasi"),
    "consented_at": _("notis privasi dibaca pada"),
    "contact_change": _("pertukaran telefon dan e-mel"),
    "correction": _("pembetulan"),
    "credited_at": _("diakui pada"),
    "days_before": _("hari sebelum tamat"),
    "device": _("peranti"),
    "digest": _("cap jari mesej"),
    "document": _("dokumen"),
    "email": _("e-mel"),
    "expires_at": _("luput pada"),
    "file": _("fail penyelesaian"),
    "fingerprint": _("cap jari kandungan"),
    "fpx_transaction_at": _("masa transaksi FPX"),
    "handed_out_at": _("dihantar ke FPX pada"),
    "held_at": _("ditahan sejak"),
    "hints": _("petunjuk gambar"),
    "ic_number": _("nombor kad pengenalan"),
    "issued_at": _("dikeluarkan pada"),
    "last_enquired_at": _("terakhir ditanya pada"),
    "last_repeated_at": _("terakhir diulang pada"),
    "log_in_id": _("log masuk"),
    "months_from_anchor": _("bulan sejak mula"),
    "next_enquiry_at": _("ditanya lagi pada"),
    "old_email": _("e-mel dahulu"),
    "old_ic_number": _("nombor kad pengenalan dahulu"),
    "old_phone": _("telefon dahulu"),
    "phone": _("telefon"),
    "phone_proved_at": _("telefon dibuktikan pada"),
    "postcode": _("poskod"),
    "public_id": _("pengenal dalam alamat"),
    "rate": _("kadar"),
    "raw": _("kandungan mesej"),
    "received_at": _("diterima pada"),
    "refund": _("bayaran balik"),
    "refund_chosen_at": _("bayaran balik dipilih pada"),
    "refusal": _("sebab tidak diterima"),
    "released_at": _("pautan dihantar pada"),
    "repeats": _("ulangan"),
    "reported_at": _("dilaporkan pada"),
    "requested_at": _("diminta pada"),
    "role": _("peranan"),
    "sign_up_told_at": _("dimaklumkan tentang pendaftaran pada"),
    "started_at": _("dimulakan pada"),
    "state": _("negeri"),
    "superseded_at": _("diganti pada"),
    "takes_effect_at": _("berkuat kuasa pada"),
    "town": _("bandar"),
    "transaction_at": _("masa transaksi"),
    "transaction_id": _("no. transaksi"),
    "undone_at": _("dibatalkan pada"),
    "uploaded_at": _("dimuat naik pada"),
    "version": _("versi"),
}


def word_of(model: type[Model], column: str) -> str:
    """The column's name for who reads the copy."""
    known = _MORE.get(column) or COLUMNS.get(column)
    return str(known or next(f.verbose_name for f in model._meta.fields if f.name == column))


def in_words(facts: Facts, models: dict[str, type[Model]]) -> Facts:
    """The same facts, their parts and columns named in the language in use."""
    return {
        str(PARTS[part]): [
            {word_of(models[part], column): value for column, value in row.items()} for row in rows
        ]
        for part, rows in facts.items()
    }
