"""The keys of a development copy."""

from pathlib import Path

import pytest
from cryptography import x509
from cryptography.hazmat.primitives.serialization import load_pem_private_key

from development.keys import make_keys, read_secrets


@pytest.fixture(scope="module")
def folder(tmp_path_factory):
    folder = tmp_path_factory.mktemp("data") / "keys"
    make_keys(folder)
    return folder


def contents(folder):
    return {path: path.read_bytes() for path in folder.rglob("*") if path.is_file()}


def test_make_keys_changes_nothing_the_second_time(folder):
    before = contents(folder)
    make_keys(folder)
    assert contents(folder) == before


def test_make_keys_replaces_what_is_lost(folder):
    (folder / "fpx_wrong.key").unlink()
    make_keys(folder)
    assert (folder / "fpx_wrong.key").exists()


def test_only_the_owner_reads_them(folder):
    assert {path.stat().st_mode & 0o777 for path in contents(folder)} == {0o600}


@pytest.mark.parametrize(
    ("key", "certificate"), [("seller.key", "seller.cer"), ("fpx.key", "fpx/fpx_current.cer")]
)
def test_a_certificate_is_its_keys_own(folder, key, certificate):
    private = load_pem_private_key((folder / key).read_bytes(), password=None)
    public = x509.load_pem_x509_certificate((folder / certificate).read_bytes()).public_key()
    assert private.public_key() == public
    assert private.key_size == 2048


def test_receipts_are_signed_by_a_p256_key_whose_certificate_says_so(folder):
    private = load_pem_private_key((folder / "receipt.key").read_bytes(), password=None)
    certificate = x509.load_pem_x509_certificate((folder / "receipt.cer").read_bytes())
    assert private.public_key() == certificate.public_key()
    assert private.curve.name == "secp256r1"
    usage = certificate.extensions.get_extension_for_class(x509.KeyUsage).value
    assert usage.content_commitment


def test_the_secrets_are_environment_variables(folder):
    names = {"SECRET_KEY", "FIELD_KEYS", "INDEX_KEY", "DECOY_KEY", "SMS_KEY"}
    assert set(read_secrets(folder)) == names


def test_two_copies_share_no_secret(folder, tmp_path: Path):
    make_keys(tmp_path)
    assert not set(read_secrets(folder).values()) & set(read_secrets(tmp_path).values())
