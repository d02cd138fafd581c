"""Verifies what must hold of money, receipts and cover; prints what breaks it, and exits 1."""

from typing import Any

from django.core.management.base import BaseCommand, CommandError
from django.utils import timezone

from payments.services import invariants


class Command(BaseCommand):
    """`manage.py check_invariants`; reads every stored PDF, where the clock reads a hundred."""

    help = __doc__

    def handle(self, *args: Any, **options: Any) -> None:
        found = invariants.check_invariants(at=timezone.now())
        for finding in found:
            self.stdout.write(str(finding))
        if found:
            raise CommandError(f"{len(found)} rows break an invariant.", returncode=1)
        self.stdout.write("Every invariant holds.")
