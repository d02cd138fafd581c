"""Wrong settings are told in a sentence."""

import pytest
import time_machine

from development.keys import make_keys
from perkeso import checks


@pytest.mark.parametrize("name", ["FIELD_KEYS", "INDEX_KEY", "DECOY_KEY"])
def test_a_missing_key_is_named(settings, name):
    setattr(settings, name, "")
    (problem,) = checks.keys_are_there(None)
    assert problem.msg.startswith(f"{name} is not set: ")


def test_a_whole_copy_has_no_complaint(settings):
    assert checks.keys_are_there(None) == []
    assert checks.claim_is_true(None) == []


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
    assert problems == {f"perkeso.E{number:03d}" for number in (10, 11, 13, 14, 15)}


@pytest.fixture
def production(settings, tmp_path):
    """Settings as a portal on the internet has them."""
    (tmp_path / "seller.key").touch()
    (tmp_path / "fpx.cer").touch()
    settings.IS_HTTPS = True
    settings.OPERATORS = ["jaga@contoh.my"]
    settings.FPX_KEY_FILE = str(tmp_path / "seller.key")
    settings.FPX_CERTIFICATES_DIR = str(tmp_path)
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
