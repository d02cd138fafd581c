"""Wrong settings are told in a sentence."""

import os
import subprocess
import sys
from base64 import b64encode

import pytest
import time_machine
from cryptography import x509
from cryptography.hazmat.primitives import hashes, serialization
from cryptography.hazmat.primitives.asymmetric import ec, rsa
from cryptography.x509.oid import NameOID

from development.keys import make_keys
from perkeso import checks

GOOD = b64encode(bytes(range(32))).decode()
WEAK = b64encode(b"a" * 32).decode()


def words():
    return " ".join(problem.msg for problem in checks.keys_are_right(None))


@pytest.mark.parametrize("name", ["FIELD_KEYS", "INDEX_KEY", "DECOY_KEY"])
def test_a_missing_key_is_named(settings, name):
    setattr(settings, name, "")
    assert words().startswith(f"{name} is not set: ")


@pytest.mark.parametrize("key", ["x", "not base64!", GOOD[:-4], GOOD + GOOD, WEAK, f" {GOOD}"])
@pytest.mark.parametrize("name", ["INDEX_KEY", "DECOY_KEY", "FIELD_KEYS"])
def test_a_malformed_or_weak_key_is_named_and_not_shown(settings, name, key):
    setattr(settings, name, [f"1:{key}"] if name == "FIELD_KEYS" else key)
    assert f"{name}" in words()
    assert "is not the base64 of 32 random bytes" in words()
    assert key not in words() or key == "x"


@pytest.mark.parametrize(
    ("entries", "sentence"),
    [
        ([GOOD], "is not version:key"),
        ([f":{GOOD}"], "is not version:key"),
        ([f"1:{GOOD}", f"1:{b64encode(bytes(range(1, 33))).decode()}"], "a version twice"),
    ],
)
def test_field_keys_have_versions(settings, entries, sentence):
    settings.FIELD_KEYS = entries
    assert sentence in words()


@pytest.mark.parametrize("names", [("INDEX_KEY", "DECOY_KEY"), ("INDEX_KEY", "FIELD_KEYS")])
def test_each_purpose_has_a_key_of_its_own(settings, names):
    for name in names:
        setattr(settings, name, [f"1:{GOOD}"] if name == "FIELD_KEYS" else GOOD)
    assert "two purposes" in words()


@pytest.mark.parametrize("secret", ["short", "x" * 60])
def test_a_weak_secret_is_told(settings, secret):
    settings.SECRET_KEY = secret
    assert "SECRET_KEY is weak" in words()


def test_a_whole_copy_has_no_complaint(settings):
    assert checks.keys_are_right(None) == []
    assert checks.claim_is_true(None) == []


SIGNAL = "from perkeso.celery import app; from celery.signals import {0}; {0}.send(None)"
START = {
    "web": "import perkeso.wsgi",
    "worker": SIGNAL.format("worker_init"),
    "clock": SIGNAL.format("beat_init"),
}


@pytest.mark.parametrize("name", ["INDEX_KEY", "DECOY_KEY", "FIELD_KEYS", "SECRET_KEY"])
@pytest.mark.parametrize("start", START)
def test_nothing_starts_with_a_wrong_key(start, name):
    said = run_with({name: "x"}, [sys.executable, "-c", START[start]])
    assert said.returncode == 1
    assert "The portal does not start." in said.stderr
    assert name in said.stderr
    assert "Traceback" not in said.stderr


def test_a_command_that_needs_no_key_works_without():
    command = [sys.executable, "manage.py", "makemessages", "--help"]
    assert run_with({"INDEX_KEY": "", "DECOY_KEY": "", "FIELD_KEYS": ""}, command).returncode == 0


def run_with(changes, command):
    environment = os.environ | {"DJANGO_SETTINGS_MODULE": "perkeso.settings"} | changes
    return subprocess.run(command, env=environment, capture_output=True, text=True, check=False)


def test_only_a_government_host_may_look_official(settings):
    settings.OFFICIAL_SITE = True
    settings.PORTAL_URL = "https://caruman.contoh.my"
    assert [problem.id for problem in checks.claim_is_true(None)] == ["perkeso.E020"]
    settings.PORTAL_URL = "https://caruman.perkeso.gov.my"
    assert checks.claim_is_true(None) == []


def test_a_development_copy_may_not_be_deployed(settings, tmp_path):
    settings.FPX_KEY_FILE = str(tmp_path / "none.key")
    settings.FPX_CERTIFICATES_DIR = str(tmp_path)
    settings.OPERATORS = []
    problems = {problem.id for problem in checks.production_is_whole(None)}
    numbers = (10, 11, 13, 14, 15, 19, 30, 32, 33, 35, 36, 37, 38)
    assert problems == {f"perkeso.E{number:03d}" for number in numbers}


def issue_receipt_certificate(folder):
    """An authority's certificate in the place of the development copy's own."""
    own = x509.load_pem_x509_certificate((folder / "receipt.cer").read_bytes())
    authority = x509.Name([x509.NameAttribute(NameOID.COMMON_NAME, "Pihak Berkuasa Ujian")])
    issued = (
        x509.CertificateBuilder()
        .subject_name(own.subject)
        .issuer_name(authority)
        .public_key(own.public_key())
        .serial_number(x509.random_serial_number())
        .not_valid_before(own.not_valid_before_utc)
        .not_valid_after(own.not_valid_after_utc)
        .sign(ec.generate_private_key(ec.SECP256R1()), hashes.SHA256())
    )
    (folder / "receipt.cer").write_bytes(issued.public_bytes(serialization.Encoding.PEM))


@pytest.fixture
def production(settings, tmp_path):
    """Settings as a portal on the internet has them."""
    make_keys(tmp_path)
    (tmp_path / "fpx.key").unlink()
    issue_receipt_certificate(tmp_path)
    settings.RECEIPT_KEY_FILE = str(tmp_path / "receipt.key")
    settings.RECEIPT_CERTIFICATE_FILE = str(tmp_path / "receipt.cer")
    settings.PROXY_HOPS = 1
    settings.EMAIL_HOST = "mel.contoh.my"
    settings.DEFAULT_FROM_EMAIL = "Caruman <jangan-balas@contoh.my>"
    settings.S3_BUCKET = "perkeso"
    settings.IS_HTTPS = True
    settings.PASSWORD_HASHERS = [checks.SLOW_HASHER]
    settings.ALLOWED_HOSTS = ["caruman.contoh.my"]
    settings.OPERATORS = ["jaga@contoh.my"]
    settings.FPX_KEY_FILE = str(tmp_path / "seller.key")
    settings.FPX_CERTIFICATES_DIR = str(tmp_path / "fpx")
    settings.FPX_URL = "https://www.bank.example/FPXMain/"
    settings.SMS_URL = "https://sms.example/send"
    settings.SMS_KEY = "k"
    return settings


def found(settings):
    return [problem.id for problem in checks.production_is_whole(None)]


def test_a_production_copy_passes(production):
    assert found(production) == []


def test_production_needs_a_key_to_sign_receipts(production, tmp_path):
    production.RECEIPT_KEY_FILE = str(tmp_path / "none.key")
    assert found(production) == ["perkeso.E016"]


def test_a_receipt_key_has_its_own_certificate(production, tmp_path):
    make_keys(tmp_path / "others")
    production.RECEIPT_KEY_FILE = str(tmp_path / "others" / "receipt.key")
    assert found(production) == ["perkeso.E017"]


def test_a_receipt_certificate_that_has_expired_is_told(production):
    with time_machine.travel("2060-01-01"):
        assert found(production) == ["perkeso.E018"]


@pytest.mark.parametrize(
    ("name", "value", "number"),
    [
        ("DEBUG", True, 34),
        ("PASSWORD_HASHERS", ["django.contrib.auth.hashers.MD5PasswordHasher"], 30),
        ("ALLOWED_HOSTS", ["*"], 31),
        ("ALLOWED_HOSTS", [".contoh.my"], 31),
        ("ALLOWED_HOSTS", [], 31),
        ("FPX_URL", "http://www.bank.example/FPXMain/", 32),
        ("SMS_URL", "http://sms.example/send", 33),
        ("PROXY_HOPS", 0, 35),
        ("EMAIL_HOST", "localhost", 36),
        ("EMAIL_HOST", "127.0.0.1", 36),
        ("DEFAULT_FROM_EMAIL", "Caruman <jangan-balas@localhost>", 37),
        ("S3_BUCKET", "", 38),
    ],
)
def test_what_is_for_development_alone_is_told(production, name, value, number):
    setattr(production, name, value)
    assert found(production) == [f"perkeso.E{number:03d}"]


def test_files_may_lie_here_where_there_is_no_other_machine(production):
    production.S3_BUCKET, production.ONE_MACHINE = "", True
    assert found(production) == []


def test_development_keys_are_told(production, tmp_path):
    (tmp_path / "fpx.key").touch()
    assert found(production) == ["perkeso.E039"]


def test_a_receipt_certificate_of_nobody_but_ourselves_is_told(production, tmp_path):
    make_keys(tmp_path / "own")
    production.RECEIPT_KEY_FILE = str(tmp_path / "own" / "receipt.key")
    production.RECEIPT_CERTIFICATE_FILE = str(tmp_path / "own" / "receipt.cer")
    assert found(production) == ["perkeso.E019"]


def test_a_negative_number_of_proxies_is_told(settings):
    settings.PROXY_HOPS = -1
    assert [problem.id for problem in checks.proxies_can_be_counted(None)] == ["perkeso.E002"]


def sealed(key):
    """A good key that nobody can read without its password."""
    shape = (serialization.Encoding.PEM, serialization.PrivateFormat.PKCS8)
    return key.private_bytes(*shape, serialization.BestAvailableEncryption(b"rahsia"))


def short_key():
    key = rsa.generate_private_key(public_exponent=65537, key_size=1024)
    shape = (serialization.Encoding.PEM, serialization.PrivateFormat.PKCS8)
    return key.private_bytes(*shape, serialization.NoEncryption())


def good_key():
    return rsa.generate_private_key(public_exponent=65537, key_size=2048)


@pytest.mark.parametrize(
    "content", [lambda: b"", lambda: b"kunci", short_key, lambda: sealed(good_key())]
)
def test_what_cannot_sign_a_payment_is_told(production, tmp_path, content):
    (tmp_path / "seller.key").write_bytes(content())
    assert found(production) == ["perkeso.E013"]


@pytest.mark.parametrize("content", [b"", b"sijil", b"-----BEGIN CERTIFICATE-----"])
def test_a_folder_of_files_that_are_no_certificates_is_told(production, tmp_path, content):
    for file in (tmp_path / "fpx").glob("*.cer"):
        file.write_bytes(content)
    assert found(production) == ["perkeso.E014"]


def test_a_receipt_key_behind_a_password_is_told(production, tmp_path):
    (tmp_path / "receipt.key").write_bytes(sealed(good_key()))
    production.RECEIPT_KEY_FILE = str(tmp_path / "receipt.key")
    assert found(production) == ["perkeso.E016"]
