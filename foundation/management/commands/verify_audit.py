"""Verifies the chain of the audit trail; prints how many events it has and its last hash."""

from argparse import ArgumentParser
from typing import Any

from django.core.management.base import BaseCommand, CommandError

from foundation import audit


class Command(BaseCommand):
    """`manage.py verify_audit --witness 12:0af3...`, with what a nightly mail to operators says.

    Without one the trail is held against the last that lies beside the portal's files.
    """

    help = __doc__

    def add_arguments(self, parser: ArgumentParser) -> None:
        parser.add_argument("--witness", help="number:hash, as an earlier run or a mail says")

    def handle(self, *args: Any, **options: Any) -> None:
        given = options["witness"]
        try:
            witness = audit.Witness.read(given) if given else audit.last_witness()
            found = audit.verify(witness)
        except audit.BrokenChain as broken:
            raise CommandError(f"The audit trail was changed: {broken}.") from None
        except ValueError as error:
            raise CommandError(str(error)) from None
        self.stdout.write(f"{found.number} events, head {found.head}")
