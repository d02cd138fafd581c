"""Random secrets that are handed out once and kept only as their SHA-256."""

import secrets
from hashlib import sha256

_BYTES = 32


def new_secret() -> str:
    """A secret for a link or a cookie: 32 random bytes, url-safe."""
    return secrets.token_urlsafe(_BYTES)


def secret_hash(secret: str) -> str:
    """What is stored of it: SHA-256 in hex, enough because the secret cannot be guessed."""
    return sha256(secret.encode()).hexdigest()
