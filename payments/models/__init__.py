"""Payments (one row an attempt), what FPX and we said, cases for finance, and the bank list."""

from payments.models.banks import Bank, BankQuerySet
from payments.models.cases import Case
from payments.models.messages import GatewayMessage, GatewayMessageQuerySet
from payments.models.payments import (
    Payment,
    PaymentQuerySet,
    PaymentStatusChange,
)

__all__ = [
    "Bank",
    "BankQuerySet",
    "Case",
    "GatewayMessage",
    "GatewayMessageQuerySet",
    "Payment",
    "PaymentQuerySet",
    "PaymentStatusChange",
]
