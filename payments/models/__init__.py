"""Payments (one row an attempt), what FPX and we said, cases for finance, and the bank list."""

from payments.models.banks import Bank, BankQuerySet
from payments.models.cases import PaymentCase, PaymentCaseQuerySet, PaymentCaseStatusChange
from payments.models.messages import GatewayMessage, GatewayMessageQuerySet
from payments.models.payments import (
    Payment,
    PaymentQuerySet,
    PaymentStatusChange,
)
from payments.models.refunds import Refund, RefundQuerySet, RefundStatusChange
from payments.models.settlement import SettlementFile, SettlementLine, SettlementLineQuerySet

__all__ = [
    "Bank",
    "BankQuerySet",
    "GatewayMessage",
    "GatewayMessageQuerySet",
    "Payment",
    "PaymentCase",
    "PaymentCaseQuerySet",
    "PaymentCaseStatusChange",
    "PaymentQuerySet",
    "PaymentStatusChange",
    "Refund",
    "RefundQuerySet",
    "RefundStatusChange",
    "SettlementFile",
    "SettlementLine",
    "SettlementLineQuerySet",
]
