"""The keys of the exchange and the certificate of its seller, each read once."""

from functools import cache
from pathlib import Path

from cryptography.hazmat.primitives.asymmetric.rsa import (
    RSAPrivateKey,
    RSAPublicKey,
    generate_private_key,
)
from cryptography.hazmat.primitives.serialization import load_pem_private_key
from cryptography.x509 import load_pem_x509_certificate

from sandbox import settings


@cache
def exchange_key() -> RSAPrivateKey:
    """What FPX signs with."""
    return _private_key(Path(settings.FPX_PRIVATE_KEY))


@cache
def wrong_key() -> RSAPrivateKey:
    """What somebody else signs with: any key that the portal does not trust."""
    file = Path(settings.FPX_WRONG_KEY)
    if file.exists():
        return _private_key(file)
    return generate_private_key(public_exponent=65537, key_size=2048)


@cache
def seller_key() -> RSAPublicKey:
    """What the seller's signatures are verified with."""
    certificate = load_pem_x509_certificate(Path(settings.SELLER_CERTIFICATE).read_bytes())
    key = certificate.public_key()
    assert isinstance(key, RSAPublicKey)
    return key


def _private_key(file: Path) -> RSAPrivateKey:
    key = load_pem_private_key(file.read_bytes(), password=None)
    assert isinstance(key, RSAPrivateKey)
    return key
