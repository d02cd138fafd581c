"""What the next payments and texts meet: each scenario by its machine word."""

from dataclasses import dataclass
from enum import Enum


class Seal(Enum):
    """How the exchange's answers are sealed."""

    GENUINE = "genuine"
    OTHER_AMOUNT = "another amount, and signed so"
    TAMPERED = "the amount changed after signing"
    WRONG_KEY = "signed by somebody else"
    LOWER_CASE = "the checksum in lower-case hexadecimal"


@dataclass(frozen=True)
class Scenario:
    """What the bank decides when the payer confirms, and which messages tell it.

    "Late" is so many seconds after the decision as were chosen with the scenario.
    """

    malay: str
    english: str
    code: str = "00"
    later_code: str = ""
    sends_direct: bool = True
    sends_indirect: bool = True
    is_direct_late: bool = False
    is_indirect_late: bool = False
    copies: int = 1
    seal: Seal = Seal.GENUINE
    # The bank ends the payer's session by itself after the chosen seconds.
    ends_session: bool = False
    uses_seconds: bool = False


NORMAL = "normal"
REQUEST_LOST = "request_lost"
BANK_LIST_DOWN = "bank_list_down"
ENQUIRY_DOWN = "enquiry_down"
SMS_DOWN = "sms_down"
SMS_LATE = "sms_late"

SCENARIOS = {
    NORMAL: Scenario(
        "Biasa: bayaran diluluskan, mesej langsung dahulu, kemudian pelayar kembali.",
        "Normal: approved; the direct message first, then the browser returns.",
    ),
    "cancelled": Scenario(
        "Dibatalkan oleh pembayar di bank (1L).",
        "Cancelled by the payer at the bank (1L).",
        code="1L",
    ),
    "insufficient_funds": Scenario(
        "Baki tidak mencukupi (51).", "Insufficient funds (51).", code="51"
    ),
    "pending_then_success": Scenario(
        "Belum diputuskan (09), kemudian berjaya selepas N saat.",
        "Pending (09), then success after N seconds, by direct message and by enquiry.",
        code="09",
        later_code="00",
        uses_seconds=True,
    ),
    "pending_then_failed": Scenario(
        "Belum diputuskan (09), kemudian gagal (51) selepas N saat.",
        "Pending (09), then failure (51) after N seconds.",
        code="09",
        later_code="51",
        uses_seconds=True,
    ),
    "awaiting_approval": Scenario(
        "Menunggu kelulusan kedua (99), kemudian berjaya selepas N saat.",
        "Waiting for a second authoriser (99), then success after N seconds.",
        code="99",
        later_code="00",
        uses_seconds=True,
    ),
    "direct_only": Scenario(
        "Hanya mesej langsung; pelayar tidak kembali.",
        "Only the direct message; the browser does not return.",
        sends_indirect=False,
    ),
    "indirect_only": Scenario(
        "Hanya pelayar kembali; tiada mesej langsung.",
        "Only the browser returns; no direct message.",
        sends_direct=False,
    ),
    "neither": Scenario(
        "Berjaya di bank, tetapi tiada mesej; hanya pertanyaan memberitahu.",
        "Success at the bank, but no message; only an enquiry tells.",
        sends_direct=False,
        sends_indirect=False,
    ),
    "indirect_first": Scenario(
        "Pelayar kembali dahulu; mesej langsung N saat kemudian.",
        "The browser returns first; the direct message comes N seconds later.",
        is_direct_late=True,
        uses_seconds=True,
    ),
    "five_times": Scenario(
        "Setiap mesej dihantar lima kali serentak.",
        "Each message comes five times, all at once.",
        copies=5,
    ),
    "delayed": Scenario(
        "Kedua-dua mesej lewat N saat.",
        "Both messages come N seconds late.",
        is_direct_late=True,
        is_indirect_late=True,
        uses_seconds=True,
    ),
    "amount_changed": Scenario(
        "Jawapan FPX menyebut amaun lain, dengan tandatangan sah (juga bila ditanya).",
        "FPX states another amount, properly signed (in its answer to an enquiry too).",
        seal=Seal.OTHER_AMOUNT,
    ),
    "amount_tampered": Scenario(
        "Amaun diubah selepas ditandatangani; pertanyaan memberi jawapan sebenar.",
        "The amount is changed after signing; an enquiry tells the truth.",
        seal=Seal.TAMPERED,
    ),
    "wrong_key": Scenario(
        "Ditandatangani dengan kunci yang salah; pertanyaan memberi jawapan sebenar.",
        "Signed by a wrong key; an enquiry tells the truth.",
        seal=Seal.WRONG_KEY,
    ),
    "lower_case_hex": Scenario(
        "Checksum ditulis dengan huruf kecil.",
        "The checksum is written in lower-case hexadecimal.",
        seal=Seal.LOWER_CASE,
    ),
    "abandoned": Scenario(
        "Sesi bank tamat selepas N saat jika pembayar tidak berbuat apa-apa (1A, 1J).",
        "The bank's session ends after N seconds if the payer does nothing (1A, 1J).",
        ends_session=True,
        uses_seconds=True,
    ),
    REQUEST_LOST: Scenario(
        "Permintaan tidak sampai ke FPX; pertanyaan menjawab 76.",
        "The request does not reach FPX; an enquiry answers 76.",
    ),
    BANK_LIST_DOWN: Scenario(
        "Senarai bank tidak dapat diperoleh; bayaran biasa.",
        "The bank list is down; payments are normal.",
    ),
    ENQUIRY_DOWN: Scenario(
        "Berjaya di bank tanpa mesej, dan pertanyaan tidak dijawab selagi senario ini dipilih.",
        "Success at the bank without a message, and no enquiry is answered while this is chosen.",
        sends_direct=False,
        sends_indirect=False,
    ),
    SMS_DOWN: Scenario(
        "Gerbang SMS tidak menerima sebarang SMS (503); bayaran biasa.",
        "The SMS gateway takes no text (503); payments are normal.",
    ),
    SMS_LATE: Scenario(
        "SMS sampai ke telefon N saat selepas dihantar; bayaran biasa.",
        "Texts reach the phone N seconds after they are sent; payments are normal.",
        uses_seconds=True,
    ),
}
