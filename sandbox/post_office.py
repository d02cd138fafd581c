"""The mail server: takes every message and keeps it whole."""

import asyncio
from email import policy
from email.parser import BytesHeaderParser

from aiosmtpd.controller import Controller
from aiosmtpd.smtp import SMTP, Envelope, Session
from django.db import connection
from django.utils import timezone

from sandbox import settings
from sandbox.models import Letter

LARGEST_BYTES = 25 * 1024 * 1024


class PostOffice:
    """What the SMTP server does with a message."""

    async def handle_DATA(  # noqa: N802 the name that aiosmtpd calls
        self, server: SMTP, session: Session, envelope: Envelope
    ) -> str:
        """Keeps it; the answer promises that it is kept."""
        assert isinstance(envelope.content, bytes)
        await asyncio.to_thread(_keep, list(envelope.rcpt_tos), envelope.content)
        return "250 OK"


def open_post_office() -> Controller:
    """Starts the server in a thread of its own. Raises `OSError` when its port is taken."""
    controller = Controller(
        PostOffice(),
        hostname=settings.HOST,
        port=settings.SMTP_PORT,
        data_size_limit=LARGEST_BYTES,
        server_hostname="sandbox",
    )
    controller.start()
    return controller


def _keep(recipients: list[str], content: bytes) -> None:
    try:
        headers = BytesHeaderParser(policy=policy.default).parsebytes(content)
        Letter.objects.create(
            to=", ".join(recipients)[:1000],
            subject=str(headers.get("Subject", ""))[:1000],
            content=content,
            received_at=timezone.now(),
        )
    finally:
        connection.close()
