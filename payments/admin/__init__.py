"""Payments, cases and refunds as officers see them: lists to read, by use case."""

from payments.admin.cases import CaseAdmin, RefundAdmin
from payments.admin.payments import BankAdmin, GatewayMessageAdmin, PaymentAdmin
from payments.admin.settlement import SettlementFileAdmin

__all__ = [
    "BankAdmin",
    "CaseAdmin",
    "GatewayMessageAdmin",
    "PaymentAdmin",
    "RefundAdmin",
    "SettlementFileAdmin",
]
