"""The stories of a payment: begun, told of, settled, asked about, given up."""

from payments.services.attempts import (
    AttemptUndecided,
    NotPayable,
    check_payable,
    is_payable,
    start_payment,
)
from payments.services.banks import NoBankList, banks_on_offer, refresh_banks
from payments.services.cases import (
    CaseNotWaiting,
    MoneyMustMove,
    StillUndecided,
    is_returned,
    open_refund_case,
    settle_case,
)
from payments.services.certificates import watch_certificates
from payments.services.double_payments import (
    choose_next_period,
    choose_refund,
    may_choose,
    next_period_of,
)
from payments.services.enquiries import (
    EnquiredJustNow,
    enquire,
    enquire_together,
    expire_unseen,
    judge_left_over,
    open_overdue_cases,
)
from payments.services.invariants import (
    Finding,
    alarm_about_invariants,
    check_invariants,
    check_rows,
)
from payments.services.messages import judge_message, record_message
from payments.services.nonsense import drop_old_nonsense
from payments.services.outcome import record_outcome
from payments.services.reconciliation import (
    alarm_missing_settlement_file,
    collect_settlement_files,
    missing_payments,
    record_settlement_file,
    succeeded_on_its_day,
)
from payments.services.refunds import (
    AmountTooHigh,
    NothingToRefund,
    SameOfficer,
    approve_refund,
    record_refund_done,
    record_refund_failed,
    record_refund_sent,
    refundable,
    refuse_refund,
    request_refund,
)
from payments.services.undecided import NothingUndecided, stop_waiting
from payments.settlement_file import NotASettlementFile

__all__ = [
    "AmountTooHigh",
    "AttemptUndecided",
    "CaseNotWaiting",
    "EnquiredJustNow",
    "Finding",
    "MoneyMustMove",
    "NoBankList",
    "NotASettlementFile",
    "NotPayable",
    "NothingToRefund",
    "NothingUndecided",
    "SameOfficer",
    "StillUndecided",
    "alarm_about_invariants",
    "alarm_missing_settlement_file",
    "approve_refund",
    "banks_on_offer",
    "check_invariants",
    "check_payable",
    "check_rows",
    "choose_next_period",
    "choose_refund",
    "collect_settlement_files",
    "drop_old_nonsense",
    "enquire",
    "enquire_together",
    "expire_unseen",
    "is_payable",
    "is_returned",
    "judge_left_over",
    "judge_message",
    "may_choose",
    "missing_payments",
    "next_period_of",
    "open_overdue_cases",
    "open_refund_case",
    "record_message",
    "record_outcome",
    "record_refund_done",
    "record_refund_failed",
    "record_refund_sent",
    "record_settlement_file",
    "refresh_banks",
    "refundable",
    "refuse_refund",
    "request_refund",
    "settle_case",
    "start_payment",
    "stop_waiting",
    "succeeded_on_its_day",
    "watch_certificates",
]
