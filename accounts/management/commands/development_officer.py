"""Makes the officers of a development copy and prints their log-in, the same at every run."""

import json
import secrets
from pathlib import Path
from typing import Any

from django.conf import settings
from django.core.management.base import BaseCommand, CommandError
from django.utils import timezone

from accounts.services import officers


class Command(BaseCommand):
    """`manage.py development_officer`; what it made is kept in DATA_DIR/keys/officer.json."""

    help = __doc__

    def handle(self, *args: Any, **options: Any) -> None:
        if settings.IS_HTTPS or settings.OFFICIAL_SITE:
            raise CommandError("This is no development copy: use create_officer.")
        secret = _kept_secrets(Path(settings.DATA_DIR) / "keys" / "officer.json")
        (first, *others), totp = officers.keep_development_officers(
            password=secret["password"], key=secret["key"], at=timezone.now()
        )
        self.stdout.write(f"name: {first} (everything), or {', '.join(others)}")
        self.stdout.write(f"password: {secret['password']}")
        self.stdout.write(f"TOTP secret: {totp.secret}")
        self.stdout.write(f"TOTP url: {totp.url}")


def _kept_secrets(path: Path) -> dict[str, str]:
    """Reads password and TOTP key (hex), or makes them in a file that only its owner reads."""
    if not path.exists():
        path.parent.mkdir(parents=True, exist_ok=True)
        made = {"password": secrets.token_urlsafe(12), "key": secrets.token_hex(20)}
        path.touch(mode=0o600)
        path.write_text(json.dumps(made))
    return dict(json.loads(path.read_text()))
