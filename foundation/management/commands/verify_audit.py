"""Verifies the chain of the audit trail; prints how many events it has and its last hash."""

from typing import Any

from django.core.management.base import BaseCommand, CommandError

from foundation.audit import BrokenChain, verify


class Command(BaseCommand):
    """`manage.py verify_audit`; hold what it prints against what an earlier run printed."""

    help = __doc__

    def handle(self, *args: Any, **options: Any) -> None:
        try:
            number, head = verify()
        except BrokenChain as broken:
            raise CommandError(f"The audit trail was changed: {broken}.") from None
        self.stdout.write(f"{number} events, head {head}")
