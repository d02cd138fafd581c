"""Random secrets that are handed out once and kept only as their SHA-256."""

import base64
import secrets
from hashlib import sha256
from uuid import UUID

from foundation.encryption import keyed_digest

_BYTES = 32


def new_secret() -> str:
    """A secret for a link or a cookie: 32 random bytes, url-safe."""
    return secrets.token_urlsafe(_BYTES)


def drawn_secret(purpose: str, seed: UUID) -> str:
    """A secret of the same kind, drawn from a random seed under a key that the database lacks.

    Drawn again it is the same, so a message that is tried once more need not kill the first.
    """
    drawn = bytes.fromhex(keyed_digest(f"secret:{purpose}", str(seed)))
    return base64.urlsafe_b64encode(drawn).decode().rstrip("=")


def secret_hash(secret: str) -> str:
    """What is stored of it: SHA-256 in hex, enough because the secret cannot be guessed."""
    return sha256(secret.encode()).hexdigest()
