"""The checksum of FPX messages: RSA PKCS#1 v1.5 over SHA-1, in hex.

SHA-1 is FPX's protocol, an exception that stays inside this adapter. FPX's certificates are a set,
each trusted from its first moment to its last: while one runs out, the next one already verifies.
"""

from dataclasses import dataclass
from datetime import datetime
from functools import lru_cache
from pathlib import Path

from cryptography import x509
from cryptography.exceptions import InvalidSignature
from cryptography.hazmat.primitives import hashes
from cryptography.hazmat.primitives.asymmetric.padding import PKCS1v15
from cryptography.hazmat.primitives.asymmetric.rsa import RSAPrivateKey, RSAPublicKey
from cryptography.hazmat.primitives.serialization import load_pem_private_key
from django.conf import settings


@dataclass(frozen=True)
class Certificate:
    """One certificate that FPX may sign with, and from when to when it is trusted."""

    name: str
    key: RSAPublicKey
    valid_from: datetime
    valid_to: datetime

    def is_valid_at(self, at: datetime) -> bool:
        """True from the first moment through the last."""
        return self.valid_from <= at <= self.valid_to

    def verifies(self, source: bytes, signature: bytes) -> bool:
        """True when its key made the signature over these bytes."""
        try:
            self.key.verify(signature, source, PKCS1v15(), hashes.SHA1())  # noqa: S303
        except InvalidSignature:
            return False
        return True


def sign(source: bytes) -> str:
    """Our checksum over the bytes, in upper-case hex."""
    key = _private_key(settings.FPX_KEY_FILE)
    return key.sign(source, PKCS1v15(), hashes.SHA1()).hex().upper()  # noqa: S303


def verifying_certificate(source: bytes, checksum: str, *, at: datetime) -> str | None:
    """The name of the certificate, valid at the moment, that made the checksum; None if none did.

    The hex may be upper or lower case.
    """
    try:
        signature = bytes.fromhex(checksum)
    except ValueError:
        return None
    for certificate in trusted_certificates():
        if certificate.is_valid_at(at) and certificate.verifies(source, signature):
            return certificate.name
    return None


def trusted_certificates() -> tuple[Certificate, ...]:
    """Every certificate in the trusted folder, valid now or not; a new file counts at once.

    A broken file, or one that is still being written, takes nothing from the others.
    """
    return tuple(certificate for file in _files() if (certificate := _loaded(file)))


def unreadable_files() -> list[str]:
    """The names of those files in the trusted folder that hold no RSA certificate."""
    return [file.name for file in _files() if _loaded(file) is None]


def _files() -> list[Path]:
    return sorted(Path(settings.FPX_CERTIFICATES_DIR).glob("*.cer"))


def _loaded(file: Path) -> Certificate | None:
    try:
        return _load(file, file.stat().st_mtime_ns)
    except (OSError, ValueError):
        return None


@lru_cache
def _private_key(file: str) -> RSAPrivateKey:
    key = load_pem_private_key(Path(file).read_bytes(), password=None)
    assert isinstance(key, RSAPrivateKey)
    return key


@lru_cache
def _load(file: Path, modified_ns: int) -> Certificate:
    certificate = _parsed(file.read_bytes())
    key = certificate.public_key()
    if not isinstance(key, RSAPublicKey):
        raise ValueError("FPX signs with RSA")
    return Certificate(
        file.name, key, certificate.not_valid_before_utc, certificate.not_valid_after_utc
    )


def _parsed(content: bytes) -> x509.Certificate:
    """PayNet hands certificates out in both encodings under the same ending."""
    if content.lstrip().startswith(b"-----"):
        return x509.load_pem_x509_certificate(content)
    return x509.load_der_x509_certificate(content)
