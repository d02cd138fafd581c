"""The certificates that FPX signs with: any valid one counts, and their end is told in time."""

import shutil
from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest
from cryptography.hazmat.primitives.asymmetric import ec

from development.keys import make_certificate
from foundation.alarms import Alarm
from payments.fpx import signing
from payments.services import certificates
from tests.factories import tell
from tests.payments import fakes

END = datetime(2027, 3, 31, tzinfo=UTC)


@pytest.fixture
def folder(settings, tmp_path):
    """FPX's certificates of this test: the genuine one only."""
    shutil.copy(Path(settings.FPX_CERTIFICATES_DIR) / "fpx_current.cer", tmp_path)
    settings.FPX_CERTIFICATES_DIR = str(tmp_path)
    return tmp_path


@pytest.fixture
def trust(folder):
    """Trusts the wrong key too, from one moment to another."""

    def add(valid_from, valid_to, name="fpx_next.cer"):
        key = fakes.key("fpx_wrong.key")
        made = make_certificate(key, "FPX", valid_from=valid_from, valid_to=valid_to)
        (folder / name).write_bytes(made)

    return add


def test_the_next_certificate_counts_from_its_first_moment(payment, trust, at):
    trust(at, at + timedelta(days=365))
    assert tell(payment, key_name="fpx_wrong.key", at=at - timedelta(seconds=1)).verdict == (
        "unverified"
    )
    message = tell(payment, key_name="fpx_wrong.key", at=at)
    assert (message.verdict, message.certificate) == ("accepted", "fpx_next.cer")


def test_on_the_rollover_day_either_counts(payment, trust, at):
    trust(at - timedelta(days=1), at + timedelta(days=365))
    assert tell(payment, "09", at=at).certificate == "fpx_current.cer"
    assert tell(payment, "00", key_name="fpx_wrong.key", at=at).certificate == "fpx_next.cer"


def test_a_certificate_that_ended_counts_no_more(payment, trust, at):
    trust(at - timedelta(days=365), at)
    message = tell(payment, key_name="fpx_wrong.key", at=at + timedelta(seconds=1))
    assert message.verdict == "unverified"


def test_a_certificate_put_there_counts_without_a_restart(payment, folder, trust, at):
    assert tell(payment, key_name="fpx_wrong.key", at=at).verdict == "unverified"
    trust(at - timedelta(days=1), at + timedelta(days=365))
    assert tell(payment, key_name="fpx_wrong.key", at=at).verdict == "accepted"


EC_KEY = ec.generate_private_key(ec.SECP256R1())
EC = make_certificate(EC_KEY, "FPX", valid_from=END - timedelta(days=9), valid_to=END)


@pytest.mark.parametrize("content", [b"", b"-----BEGIN CERT", b"\x30\x82 half", EC])
def test_a_broken_file_takes_nothing_from_the_others(payment, folder, at, content):
    (folder / "a_broken.cer").write_bytes(content)
    assert tell(payment, "00", at=at).verdict == "accepted"
    certificates.watch_certificates(at=at)
    assert Alarm.objects.filter(kind="fpx_certificate", key="unreadable a_broken.cer").exists()


@pytest.mark.parametrize(("begins", "keys"), [(0, []), (1, ["fpx_current.cer 7"])])
def test_a_gap_between_two_certificates_is_an_end(db, trust, begins, keys):
    ends = signing.trusted_certificates()[0].valid_to
    trust(ends + timedelta(seconds=begins), ends + timedelta(days=365))
    certificates.watch_certificates(at=ends - timedelta(days=3))
    assert list(Alarm.objects.values_list("key", flat=True)) == keys


def test_one_that_will_count_does_not_count_yet(db, folder, trust, at):
    (folder / "fpx_current.cer").unlink()
    trust(at + timedelta(days=1), at + timedelta(days=365))
    certificates.watch_certificates(at=at)
    assert Alarm.objects.get().key == "none is valid"


@pytest.fixture
def only_until(folder, trust):
    """The one trusted certificate ends at `END`."""
    (folder / "fpx_current.cer").unlink()
    trust(END - timedelta(days=365), END)


@pytest.mark.parametrize(
    ("days", "keys"),
    [
        (91, []),
        (90, ["fpx_next.cer 90"]),
        (31, ["fpx_next.cer 90"]),
        (30, ["fpx_next.cer 30"]),
        (7, ["fpx_next.cer 7"]),
        (0, ["none is valid"]),
        (-1, ["none is valid"]),
    ],
)
def test_the_end_of_the_last_one_is_told_in_time(db, only_until, days, keys):
    certificates.watch_certificates(at=END - timedelta(days=days))
    assert list(Alarm.objects.values_list("key", flat=True)) == keys


def test_each_warning_is_given_once(db, only_until):
    for days in range(100, 0, -1):
        certificates.watch_certificates(at=END - timedelta(days=days))
    keys = ["fpx_next.cer 90", "fpx_next.cer 30", "fpx_next.cer 7"]
    alarms = Alarm.objects.order_by("first_seen_at")
    assert list(alarms.values_list("key", "seen_count")) == [(key, 1) for key in keys]


def test_a_later_one_in_the_set_is_enough(db, only_until, trust):
    trust(END, END + timedelta(days=365), name="fpx_after.cer")
    certificates.watch_certificates(at=END - timedelta(days=1))
    assert not Alarm.objects.exists()


def test_without_any_it_says_so(db, folder, at):
    (folder / "fpx_current.cer").unlink()
    certificates.watch_certificates(at=at)
    assert Alarm.objects.get().key == "none is valid"
    assert signing.trusted_certificates() == ()
