"""Settings that are missing or contradict each other, each told in one sentence."""

from collections.abc import Iterator
from datetime import UTC, datetime
from pathlib import Path
from typing import Any
from urllib.parse import urlsplit

from cryptography.hazmat.primitives.asymmetric.rsa import RSAPrivateKey
from cryptography.hazmat.primitives.serialization import load_pem_private_key
from cryptography.x509 import load_der_x509_certificate, load_pem_x509_certificate
from django.conf import settings
from django.core.checks import CheckMessage, Error, Tags, register

from perkeso.keys import problems_of_keys

_LEAST_RSA_BITS = 2048
_THIS_MACHINE = {"localhost", "127.0.0.1", "::1", ""}
SLOW_HASHER = "accounts.hashers.PortalArgon2Hasher"


def _missing(name: str, reason: str, number: int) -> Error:
    return Error(f"{name} is not set: {reason}", id=f"perkeso.E{number:03d}")


@register(Tags.security)
def keys_are_right(app_configs: Any, **kwargs: Any) -> list[CheckMessage]:
    """The portal cannot store a person or show a log-in page without its keys."""
    return [Error(words, id="perkeso.E001") for words in problems_of_keys()]


@register(Tags.security)
def proxies_can_be_counted(app_configs: Any, **kwargs: Any) -> list[CheckMessage]:
    """Limits count people by what our own proxies saw."""
    if settings.PROXY_HOPS >= 0:
        return []
    return [Error("PROXY_HOPS is the number of our own proxies: 0 or more.", id="perkeso.E002")]


@register(Tags.security, deploy=True)
def production_is_whole(app_configs: Any, **kwargs: Any) -> list[CheckMessage]:
    """What a portal on the internet needs beyond a development copy."""
    problems: list[CheckMessage] = []
    if not settings.IS_HTTPS:
        problems.append(Error("PORTAL_URL must begin with https://.", id="perkeso.E010"))
    for number, name, reason in [
        (11, "OPERATORS", "nobody would be mailed an alarm."),
        (12, "SMS_KEY", "no code could be sent."),
    ]:
        if not getattr(settings, name):
            problems.append(_missing(name, reason, number))
    problems += _fpx_key_problems()
    problems += _receipt_key_problems()
    problems += _place_problems()
    if "localhost" in settings.FPX_URL or "localhost" in settings.SMS_URL:
        problems.append(Error("FPX_URL or SMS_URL is the sandbox's.", id="perkeso.E015"))
    return [*problems, *_open_doors()]


def _place_problems() -> Iterator[CheckMessage]:
    """What is right on one machine of a developer's, and nowhere else."""
    if settings.PROXY_HOPS < 1:
        words = (
            "PROXY_HOPS is 0: who speaks https before the portal, and how many proxies are there?"
        )
        yield Error(words, id="perkeso.E035")
    if settings.EMAIL_HOST in _THIS_MACHINE:
        words = "EMAIL_URL is this machine: links, receipts and alarms would reach nobody."
        yield Error(words, id="perkeso.E036")
    if settings.DEFAULT_FROM_EMAIL.rstrip(">").endswith("@localhost"):
        yield Error("DEFAULT_FROM_EMAIL is an address at localhost.", id="perkeso.E037")
    if not (settings.S3_BUCKET or settings.ONE_MACHINE):
        words = (
            "S3_BUCKET is not set: a second machine would not find what drivers sent to the first."
            " Set it, or ONE_MACHINE where there is no second."
        )
        yield Error(words, id="perkeso.E038")
    if Path(settings.FPX_KEY_FILE).with_name("fpx.key").exists():
        # FPX keeps its own key; only the stand-in's lies here.
        words = "The keys are those of a development copy: the stand-in's fpx.key lies beside them."
        yield Error(words, id="perkeso.E039")


def _open_doors() -> Iterator[CheckMessage]:
    """What is for development and tests alone."""
    if settings.PASSWORD_HASHERS[0] != SLOW_HASHER:
        yield Error("FAST_HASHER is set: passwords would be guessed fast.", id="perkeso.E030")
    if settings.DEBUG:
        yield Error("DEBUG is set: errors would show settings and data.", id="perkeso.E034")
    hosts = settings.ALLOWED_HOSTS
    if not hosts or any(host.startswith(("*", ".")) for host in hosts):
        yield Error("ALLOWED_HOSTS must name the portal's own hosts.", id="perkeso.E031")
    for number, name in enumerate(("FPX_URL", "SMS_URL"), start=32):
        if urlsplit(getattr(settings, name)).scheme != "https":
            yield Error(f"{name} must begin with https://.", id=f"perkeso.E{number:03d}")


def _fpx_key_problems() -> Iterator[CheckMessage]:
    """What we sign with, and what FPX signs with, are there and can be read."""
    try:
        key = load_pem_private_key(Path(settings.FPX_KEY_FILE).read_bytes(), password=None)
    except (OSError, ValueError, TypeError):  # a TypeError is one behind a password
        key = None
    if not isinstance(key, RSAPrivateKey) or key.key_size < _LEAST_RSA_BITS:
        words = f"FPX_KEY_FILE is no PEM key of RSA, {_LEAST_RSA_BITS} bits: nothing can be paid."
        yield Error(words, id="perkeso.E013")
    files = Path(settings.FPX_CERTIFICATES_DIR).glob("*.cer")
    if not any(_is_certificate(file) for file in files):
        words = "FPX_CERTIFICATES_DIR holds no certificate as *.cer: no payment can be verified."
        yield Error(words, id="perkeso.E014")


def _is_certificate(file: Path) -> bool:
    try:
        content = file.read_bytes()
        is_pem = content.lstrip().startswith(b"-----")
        (load_pem_x509_certificate if is_pem else load_der_x509_certificate)(content)
    except (OSError, ValueError):
        return False
    return True


def _receipt_key_problems() -> list[CheckMessage]:
    """Receipts are signed by a pair that is there, belongs together and is in force."""
    files = (Path(settings.RECEIPT_KEY_FILE), Path(settings.RECEIPT_CERTIFICATE_FILE))
    try:
        key, certificate = (file.read_bytes() for file in files)
        private = load_pem_private_key(key, password=None)
        shown = load_pem_x509_certificate(certificate)
    except (OSError, ValueError, TypeError):
        return [
            Error(
                "RECEIPT_KEY_FILE and RECEIPT_CERTIFICATE_FILE are not a PEM key and certificate:"
                " no receipt could be signed.",
                id="perkeso.E016",
            )
        ]
    if private.public_key() != shown.public_key():
        words = "RECEIPT_CERTIFICATE_FILE is not the certificate of RECEIPT_KEY_FILE."
        return [Error(words, id="perkeso.E017")]
    if shown.issuer == shown.subject:
        words = "RECEIPT_CERTIFICATE_FILE is self-signed: no reader would trust a receipt."
        return [Error(words, id="perkeso.E019")]
    if shown.not_valid_after_utc < datetime.now(UTC):
        return [Error("RECEIPT_CERTIFICATE_FILE has expired.", id="perkeso.E018")]
    return []


@register(Tags.security)
def claim_is_true(app_configs: Any, **kwargs: Any) -> list[CheckMessage]:
    """Only an agency's own host may wear the official strip."""
    host = urlsplit(settings.PORTAL_URL).hostname or ""
    if settings.OFFICIAL_SITE and not host.endswith(".gov.my"):
        return [
            Error("OFFICIAL_SITE is set, but PORTAL_URL is not a .gov.my host.", id="perkeso.E020")
        ]
    return []
