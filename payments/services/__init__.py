"""The stories of a payment: begun, told of, settled, asked about, given up."""

from payments.services.attempts import (
    AttemptUndecided,
    NotPayable,
    check_payable,
    is_payable,
    start_payment,
)
from payments.services.banks import NoBankList, banks_on_offer, refresh_banks
from payments.services.certificates import watch_certificates
from payments.services.enquiries import (
    EnquiredJustNow,
    enquire,
    expire_unseen,
    judge_left_over,
    open_overdue_cases,
)
from payments.services.invariants import Finding, alarm_about_invariants, check_invariants
from payments.services.messages import judge_message, record_message
from payments.services.nonsense import drop_old_nonsense
from payments.services.outcome import record_outcome

__all__ = [
    "AttemptUndecided",
    "EnquiredJustNow",
    "Finding",
    "NoBankList",
    "NotPayable",
    "alarm_about_invariants",
    "banks_on_offer",
    "check_invariants",
    "check_payable",
    "drop_old_nonsense",
    "enquire",
    "expire_unseen",
    "is_payable",
    "judge_left_over",
    "judge_message",
    "open_overdue_cases",
    "record_message",
    "record_outcome",
    "refresh_banks",
    "start_payment",
    "watch_certificates",
]
