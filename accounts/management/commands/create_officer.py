"""Invites an officer: prints the one-time link to set the password and scan the TOTP."""

from argparse import ArgumentParser
from typing import Any

from django.core.management.base import BaseCommand, CommandError
from django.utils import timezone

from accounts.services import officers
from foundation.addresses import absolute


class Command(BaseCommand):
    """`manage.py create_officer siti --name "Siti binti Ali" --group reviewer`."""

    help = __doc__

    def add_arguments(self, parser: ArgumentParser) -> None:
        parser.add_argument("username", help="the name to log in with; officers need no IC number")
        parser.add_argument("--name", default="", help="full name")
        parser.add_argument("--group", default="", help="what the officer may do")
        parser.add_argument(
            "--superuser", action="store_true", help="may do everything; not for daily work"
        )

    def handle(self, *args: Any, **options: Any) -> None:
        username = options["username"]
        if not (options["group"] or options["superuser"]):
            raise CommandError(f"Give a --group: {', '.join(officers.group_names())}.")
        try:
            token = officers.invite_officer(
                username=username,
                full_name=options["name"] or username,
                group=options["group"],
                is_superuser=options["superuser"],
                at=timezone.now(),
            )
        except officers.OfficerExists:
            raise CommandError(f"{username} is taken.") from None
        except officers.UnknownGroup:
            raise CommandError(f"The groups are {', '.join(officers.group_names())}.") from None
        self.stdout.write(absolute("accounts:open_officer_link", token))
        self.stderr.write("The link works once, for 24 hours. Give it to the officer only.")
