"""The worked vectors of the protocol, with source strings that the adapter builds."""

import json
from datetime import UTC, datetime
from pathlib import Path

import pytest
from cryptography import x509
from cryptography.hazmat.primitives import hashes
from cryptography.hazmat.primitives.asymmetric.padding import PKCS1v15
from cryptography.hazmat.primitives.serialization import Encoding

from payments.fpx import Unreadable, Unverified, reading, signing
from payments.fpx.messages import parse, source
from tests.payments import fakes

DATA = Path(__file__).parents[1] / "data"
VECTORS = {vector["name"]: vector for vector in json.loads((DATA / "fpx_vectors.json").read_text())}
VALID = datetime(2027, 1, 1, tzinfo=UTC)
CERTIFICATES = {"merchant": "merchant.cer", "fpx": "fpx.cer"}


@pytest.fixture(autouse=True)
def trusted(settings):
    """The vectors' two certificates instead of this run's."""
    settings.FPX_CERTIFICATES_DIR = str(DATA / "fpx")


def fields(name, **changes):
    return VECTORS[name]["fields"] | changes


@pytest.mark.parametrize("name", VECTORS)
def test_the_source_string_is_the_worked_one(name):
    assert source(fields(name)) == VECTORS[name]["source"].encode()


@pytest.mark.parametrize("name", VECTORS)
def test_the_checksum_verifies_and_names_its_certificate(name):
    certificate = signing.verifying_certificate(
        source(fields(name)), VECTORS[name]["checksum"], at=VALID
    )
    assert certificate == CERTIFICATES[VECTORS[name]["signer"]]


@pytest.mark.parametrize("name", ["V3", "V4", "V6"])
def test_an_answer_is_read_from_the_wire(name):
    body = fakes.encode(fields(name, fpx_checkSum=VECTORS[name]["checksum"]))
    answer = reading.read_answer(b"\r\n\r\n" + body + b"\r\n", at=VALID)
    assert answer.debit_code == {"V3": "00", "V4": "1C", "V6": "76"}[name]
    assert answer.certificate == "fpx.cer"


def test_the_bank_list_is_read_from_the_wire():
    body = fakes.encode(fields("V8", fpx_checkSum=VECTORS["V8"]["checksum"]))
    banks = reading.read_bank_list(b"\r\n\r\n" + body, at=VALID)
    assert banks["TEST0021"]
    assert not banks["TEST0023"]
    assert len(banks) == 7


def test_the_wire_form_is_the_documented_one():
    body = fakes.encode(fields("V3")).decode()
    assert "fpx_buyerName=N%40ME%28%29%2F+.-%26BUYER" in body
    assert parse(body.encode())["fpx_buyerBankBranch"] == "SBI BANK A"


@pytest.mark.parametrize(
    ("name", "changes"),
    [
        ("V3", {"fpx_txnAmount": "1.00"}),
        ("V3", {"fpx_buyerBankBranch": "SBI+BANK+A"}),
        ("V8", {"fpx_bankList": VECTORS["V8"]["fields"]["fpx_bankList"] + " "}),
    ],
)
def test_a_changed_value_is_refused(name, changes):
    body = fakes.encode(fields(name, fpx_checkSum=VECTORS[name]["checksum"], **changes))
    read = reading.read_bank_list if name == "V8" else reading.read_answer
    with pytest.raises(Unverified):
        read(body, at=VALID)


def test_our_own_certificate_does_not_verify_what_fpx_signed():
    (merchant,) = [c for c in signing.trusted_certificates() if c.name == "merchant.cer"]
    signature = bytes.fromhex(VECTORS["V3"]["checksum"])
    assert not merchant.verifies(source(fields("V3")), signature)


def test_another_hash_is_refused(settings):
    folder = Path(settings.DATA_DIR) / "keys" / "fpx"
    (certificate,) = [signing._load(file, 0) for file in folder.glob("*.cer")]
    by_sha256 = fakes.key().sign(source(fields("V3")), PKCS1v15(), hashes.SHA256())
    by_sha1 = fakes.key().sign(source(fields("V3")), PKCS1v15(), hashes.SHA1())
    assert certificate.verifies(source(fields("V3")), by_sha1)
    assert not certificate.verifies(source(fields("V3")), by_sha256)


def test_lower_case_hex_is_accepted():
    checksum = VECTORS["V3"]["checksum"].lower()
    assert signing.verifying_certificate(source(fields("V3")), checksum, at=VALID) == "fpx.cer"


@pytest.mark.parametrize("checksum", ["", "ZZ", "é", "00" * 256, "AB" * 10])
def test_what_is_no_checksum_is_refused(checksum):
    assert signing.verifying_certificate(b"x", checksum, at=VALID) is None


@pytest.mark.parametrize(
    "at", [datetime(2026, 11, 22, 10, 5, 13, tzinfo=UTC), datetime(2029, 1, 1, tzinfo=UTC)]
)
def test_a_certificate_counts_only_while_it_is_valid(at):
    checksum = VECTORS["V3"]["checksum"]
    assert signing.verifying_certificate(source(fields("V3")), checksum, at=at) is None


@pytest.mark.parametrize(
    "raw",
    [
        b"",
        b"ERROR",
        b"msgfromfpx= PROSESSING ERROR",
        b'{"fpx_msgType": "AC"}',
        b"fpx_msgType=AR",
        b"fpx_msgType=ZZ",
        b"&" * 1000,
        b"a=1&" * 61,
        b"fpx_msgType=AC&fpx_msgType=AC",
        b"\x00\xff\xfe",
        b"=".join([b"fpx_msgType"] * 3),
    ],
)
def test_what_is_no_answer_is_unreadable(raw):
    with pytest.raises(Unreadable):
        reading.read_answer(raw, at=VALID)


def test_a_value_beyond_single_bytes_is_unreadable():
    with pytest.raises(Unreadable):
        source(fields("V3", fpx_buyerName="阿里"))


def test_a_certificate_may_come_in_either_encoding(settings, tmp_path):
    pem = x509.load_pem_x509_certificate((DATA / "fpx" / "fpx.cer").read_bytes())
    (tmp_path / "fpx_der.cer").write_bytes(pem.public_bytes(Encoding.DER))
    settings.FPX_CERTIFICATES_DIR = str(tmp_path)
    checksum = VECTORS["V3"]["checksum"]
    assert signing.verifying_certificate(source(fields("V3")), checksum, at=VALID) == "fpx_der.cer"


def test_any_valid_certificate_of_the_set_verifies(settings, tmp_path):
    for name in ["merchant.cer", "fpx.cer"]:
        (tmp_path / name).write_bytes((DATA / "fpx" / name).read_bytes())
    settings.FPX_CERTIFICATES_DIR = str(tmp_path)
    checksum = VECTORS["V8"]["checksum"]
    assert signing.verifying_certificate(source(fields("V8")), checksum, at=VALID) == "fpx.cer"
