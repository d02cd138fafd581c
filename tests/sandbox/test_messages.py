"""The outside world's own FPX messages: worked vectors, forgeries, the wire."""

import json
from pathlib import Path

import pytest
from cryptography.hazmat.primitives import hashes
from cryptography.hazmat.primitives.asymmetric.padding import PKCS1v15
from cryptography.hazmat.primitives.asymmetric.rsa import generate_private_key
from cryptography.x509 import load_pem_x509_certificate

from sandbox.fpx import messages

DATA = Path(__file__).parents[1] / "data"
VECTORS = {vector["name"]: vector for vector in json.loads((DATA / "fpx_vectors.json").read_text())}
KEYS = {
    signer: load_pem_x509_certificate((DATA / "fpx" / f"{signer}.cer").read_bytes()).public_key()
    for signer in ["merchant", "fpx"]
}


def sealed(name: str, **changes: str) -> dict[str, str]:
    vector = VECTORS[name]
    return vector["fields"] | {messages.CHECKSUM: vector["checksum"]} | changes


@pytest.mark.parametrize("name", VECTORS)
def test_a_worked_vector_has_its_source(name):
    assert messages.source(VECTORS[name]["fields"]) == VECTORS[name]["source"]


@pytest.mark.parametrize("name", VECTORS)
def test_a_worked_vector_verifies(name):
    assert messages.is_signed_by(sealed(name), KEYS[VECTORS[name]["signer"]])


@pytest.mark.parametrize(
    ("name", "changes"),
    [
        ("V3", {"fpx_txnAmount": "1.00"}),
        ("V3", {"fpx_buyerBankBranch": "SBI+BANK+A"}),
        ("V3", {"fpx_debitAuthCode": "01"}),
        ("V8", {"fpx_bankList": VECTORS["V8"]["fields"]["fpx_bankList"] + " "}),
        ("V3", {messages.CHECKSUM: "xyz"}),
        ("V3", {messages.CHECKSUM: ""}),
        ("V3", {"fpx_msgType": "ZZ"}),
    ],
)
def test_a_changed_message_does_not_verify(name, changes):
    assert not messages.is_signed_by(sealed(name, **changes), KEYS["fpx"])


def test_the_other_sides_certificate_does_not_verify():
    assert not messages.is_signed_by(sealed("V3"), KEYS["merchant"])


def test_lower_case_verifies_too():
    lower = VECTORS["V3"]["checksum"].lower()
    assert messages.is_signed_by(sealed("V3", **{messages.CHECKSUM: lower}), KEYS["fpx"])


def test_sha_256_is_not_what_fpx_uses():
    key = generate_private_key(public_exponent=65537, key_size=2048)
    fields = VECTORS["V3"]["fields"]
    other = key.sign(messages.source(fields).encode(), PKCS1v15(), hashes.SHA256()).hex()
    assert not messages.is_signed_by(fields | {messages.CHECKSUM: other}, key.public_key())


def test_what_is_signed_verifies():
    key = generate_private_key(public_exponent=65537, key_size=2048)
    fields = VECTORS["V3"]["fields"]
    checksum = messages.checksum(fields, key)
    assert checksum == checksum.upper()
    assert messages.is_signed_by(fields | {messages.CHECKSUM: checksum}, key.public_key())


def test_an_answer_is_written_as_the_real_exchange_writes_it():
    text = messages.write(sealed("V3"))
    assert text.startswith("fpx_debitAuthCode=00&fpx_debitAuthNo=15733223&fpx_sellerExId=")
    assert "&fpx_buyerName=N%40ME%28%29%2F+.-%26BUYER&" in text
    assert "&fpx_buyerBankBranch=SBI+BANK+A&" in text
    assert "&fpx_buyerIban=&" in text
    assert text.endswith("&fpx_msgType=AC&fpx_txnCurrency=MYR")


def test_a_bank_list_is_written_as_the_real_exchange_writes_it():
    text = messages.write(sealed("V8"))
    assert text.startswith(
        "fpx_msgToken=01&fpx_sellerExId=EX00009999&fpx_bankList=ABB0233%7EA%2CABMB0212%7EB%2C"
    )


@pytest.mark.parametrize("name", ["V3", "V4", "V6", "V8"])
def test_what_is_written_can_be_read_again(name):
    assert messages.decode(messages.write(sealed(name)).encode()) == sealed(name)


@pytest.mark.parametrize("body", [b"fpx_a=1&fpx_a=2", b"nonsense", "fpx_a=é".encode()])
def test_a_malformed_form_is_refused(body):
    with pytest.raises(messages.Malformed):
        messages.decode(body)
