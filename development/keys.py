"""Makes the keys of a development copy, once, in its data folder; they never leave it."""

import os
import secrets
import sys
from base64 import b64encode
from collections.abc import Callable
from datetime import UTC, datetime, timedelta
from pathlib import Path

from cryptography import x509
from cryptography.hazmat.primitives import hashes
from cryptography.hazmat.primitives.asymmetric import ec, rsa
from cryptography.hazmat.primitives.serialization import Encoding, NoEncryption, PrivateFormat
from cryptography.x509.oid import NameOID

CERTIFICATE_LIFE = timedelta(days=3650)
Key = rsa.RSAPrivateKey | ec.EllipticCurvePrivateKey
_SIGNER = "Caruman Pekerjaan Sendiri (demonstrasi)"
# Readers of a PDF trust no signature whose certificate does not say that it signs.
_SIGNS = x509.KeyUsage(
    digital_signature=True,
    content_commitment=True,
    key_encipherment=False,
    data_encipherment=False,
    key_agreement=False,
    key_cert_sign=False,
    crl_sign=False,
    encipher_only=False,
    decipher_only=False,
)


def make_keys(folder: Path) -> None:
    """Fills `folder` with what is missing: secrets.env, our key pairs, FPX's, and a wrong one."""
    (folder / "fpx").mkdir(parents=True, exist_ok=True, mode=0o700)
    if not (folder / "secrets.env").exists():
        write_secret(folder / "secrets.env", _secrets().encode())
    _make_pair(folder / "seller.key", folder / "seller.cer", "SE00009999", _new_rsa_key)
    _make_pair(folder / "fpx.key", folder / "fpx" / "fpx_current.cer", "FPX", _new_rsa_key)
    _make_pair(folder / "receipt.key", folder / "receipt.cer", _SIGNER, _new_p256_key)
    if not (folder / "fpx_wrong.key").exists():
        write_secret(folder / "fpx_wrong.key", _pem(_new_rsa_key()))


def read_secrets(folder: Path) -> dict[str, str]:
    """The secrets of `folder` as environment variables."""
    lines = (folder / "secrets.env").read_text().splitlines()
    return dict(line.split("=", 1) for line in lines)


def _secrets() -> str:
    values = {
        "SECRET_KEY": secrets.token_urlsafe(50),
        "FIELD_KEYS": f"1:{_random_key()}",
        "INDEX_KEY": _random_key(),
        "DECOY_KEY": _random_key(),
        "SMS_KEY": secrets.token_urlsafe(24),
    }
    return "".join(f"{name}={value}\n" for name, value in values.items())


def _random_key() -> str:
    return b64encode(secrets.token_bytes(32)).decode()


def _make_pair(
    key_file: Path, certificate_file: Path, name: str, new_key: Callable[[], Key]
) -> None:
    if key_file.exists() and certificate_file.exists():
        return
    key, now = new_key(), datetime.now(UTC)
    # In force for years both ways: tests happen at fixed moments.
    certificate = make_certificate(
        key, name, valid_from=now - CERTIFICATE_LIFE, valid_to=now + CERTIFICATE_LIFE
    )
    write_secret(certificate_file, certificate)
    write_secret(key_file, _pem(key))


def _new_rsa_key() -> rsa.RSAPrivateKey:
    return rsa.generate_private_key(public_exponent=65537, key_size=2048)


def _new_p256_key() -> ec.EllipticCurvePrivateKey:
    return ec.generate_private_key(ec.SECP256R1())


def _pem(key: Key) -> bytes:
    return key.private_bytes(Encoding.PEM, PrivateFormat.PKCS8, NoEncryption())


def make_certificate(key: Key, name: str, *, valid_from: datetime, valid_to: datetime) -> bytes:
    """A self-signed certificate in PEM."""
    subject = x509.Name([x509.NameAttribute(NameOID.COMMON_NAME, name)])
    certificate = (
        x509.CertificateBuilder()
        .subject_name(subject)
        .issuer_name(subject)
        .public_key(key.public_key())
        .serial_number(x509.random_serial_number())
        .not_valid_before(valid_from)
        .not_valid_after(valid_to)
        .add_extension(_SIGNS, critical=True)
        .sign(key, hashes.SHA256())
    )
    return certificate.public_bytes(Encoding.PEM)


def write_secret(path: Path, content: bytes) -> None:
    """Writes a file that only its owner may read, whole or not at all."""
    part = path.with_suffix(".part")
    part.unlink(missing_ok=True)
    with os.fdopen(os.open(part, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600), "wb") as file:
        file.write(content)
    part.rename(path)


if __name__ == "__main__":
    make_keys(Path(sys.argv[1]))
