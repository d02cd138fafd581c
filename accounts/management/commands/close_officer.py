"""Lets an officer in no more: ends their sessions, takes password, authenticator and codes away."""

from argparse import ArgumentParser
from typing import Any

from django.core.management.base import BaseCommand, CommandError
from django.utils import timezone

from accounts.models import User
from accounts.services import officers


class Command(BaseCommand):
    """`manage.py close_officer siti`; `create_officer siti` invites her anew."""

    help = __doc__

    def add_arguments(self, parser: ArgumentParser) -> None:
        parser.add_argument("username")

    def handle(self, *args: Any, **options: Any) -> None:
        try:
            officers.close_officer(username=options["username"], at=timezone.now())
        except User.DoesNotExist:
            raise CommandError(f"No officer is called {options['username']}.") from None
