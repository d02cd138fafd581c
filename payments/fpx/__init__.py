"""The adapter to FPX: the only place that speaks its field names, order, checksum and codes."""

from payments.fpx.client import Unreachable
from payments.fpx.messages import Unreadable
from payments.fpx.reading import Answer, Unverified

__all__ = ["Answer", "Unreachable", "Unreadable", "Unverified"]
