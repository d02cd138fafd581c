"""Officers: the invitation, the first visit, and the one of development copies."""

import json
import re
import stat
from datetime import timedelta
from io import StringIO
from pathlib import Path

import pytest
from django.core.management import CommandError, call_command
from django_otp.oath import totp

from accounts.models import Authenticator, EmailLink, User
from foundation.audit import AuditEvent
from tests.accounts.pages import errors, lands
from tests.browser import Browser
from tests.factories import make_user
from tests.staff.desk import seated

PATH = "/pegawai/"
PASSWORD = "meja hijau di tingkat tiga"


def invite(username="rohani", group="reviewer", **options):
    """Runs the command; returns the path of the link that it printed."""
    out = StringIO()
    call_command("create_officer", username, group=group, stdout=out, stderr=StringIO(), **options)
    return re.fullmatch(r"http://127.0.0.1:8000(/pegawai/\S+/)\n", out.getvalue())[1]


@pytest.fixture
def rohani(client, db):
    """Rohani opened her link."""
    assert lands(client.get(invite(name="Puan Rohani")), PATH, 303)
    return User.objects.get(username="rohani")


def digits_of(officer):
    """What the officer's authenticator shows now."""
    return f"{totp(Authenticator.objects.get(user=officer).bin_key):06}"


def visit(**changes):
    return {"password": PASSWORD, "password_confirmation": PASSWORD} | changes


def test_an_invited_officer_cannot_log_in_yet(rohani):
    assert rohani.is_staff
    assert not rohani.is_active
    assert not rohani.has_usable_password()
    assert not rohani.is_superuser
    assert rohani.ic_number is None
    assert not Authenticator.objects.get().confirmed


def test_it_shows_what_to_scan(client, rohani, django_assert_max_num_queries):
    with django_assert_max_num_queries(6):
        page = client.get(PATH).text
    assert "Puan Rohani" in page
    assert 'src="data:image/svg+xml' in page
    assert re.search(r"<code>[A-Z2-7]{32}</code>", page)
    assert ">Kod pengesah</label>" in page


def test_password_and_authenticator_open_the_desk(client, rohani):
    response = client.post(PATH, visit(token=digits_of(rohani)))
    assert 'href="/staf/"' in response.text
    rohani.refresh_from_db()
    assert rohani.is_active
    assert rohani.check_password(PASSWORD)
    assert Authenticator.objects.get().confirmed
    assert EmailLink.objects.get().used_at


def test_nobody_begins_without_recovery_codes(client, rohani):
    """Strangers who guess at the name could else keep an officer out of a new browser."""
    page = client.post(PATH, visit(token=digits_of(rohani)))
    codes = re.findall(r"<code>(\d{4} \d{4} \d{4})</code>", page.text)
    assert len(codes) == 10
    assert "no-store" in page.headers["Cache-Control"]
    assert "Simpan kod ini di tempat selamat" in page.text
    answers = {"username": "rohani", "password": PASSWORD, "otp_token": codes[0]}
    assert lands(Browser(REMOTE_ADDR="10.9.1.1").post("/staf/login/", answers), "/staf/")


def test_she_may_look_and_review_but_not_everything(client, rohani):
    client.post(PATH, visit(token=digits_of(rohani)))
    rohani = User.objects.get(pk=rohani.pk)
    assert rohani.has_perm("registration.view_registration")
    assert rohani.has_perm("registration.change_registration")
    assert not rohani.has_perm("accounts.view_authenticator")
    assert not rohani.has_perm("auth.view_permission")
    assert not rohani.has_perm("payments.delete_payment")


def test_a_wrong_code_leaves_the_link_good(client, rohani, at):
    wrong = f"{(int(digits_of(rohani)) + 1) % 1_000_000:06}"
    assert errors(client.post(PATH, visit(token=wrong)), "token") == [
        "Kod pengesah tidak betul. Masukkan kod terkini pada aplikasi pengesah"
    ]
    assert EmailLink.objects.get().why_closed(at) == ""
    assert 'href="/staf/"' in client.post(PATH, visit(token=digits_of(rohani))).text


@pytest.mark.parametrize(
    ("typed", "sentence"),
    [
        ("", "Masukkan kod pengesah"),
        ("12345", "Kod pengesah mesti 6 angka"),
        ("abcdef", "Kod pengesah mesti 6 angka"),
    ],
)
def test_each_mistake_has_its_sentence(client, rohani, typed, sentence):
    assert errors(client.post(PATH, visit(token=typed)), "token") == [sentence]


def test_an_officers_password_has_the_same_rules(client, rohani):
    response = client.post(PATH, visit(token="123456", password="pendek"))
    assert errors(response, "password") == ["Kata Laluan mesti sekurang-kurangnya 10 aksara"]


def test_the_link_works_once(client, rohani):
    client.post(PATH, visit(token=digits_of(rohani)))
    other = Browser()
    session = other.session
    session["link"] = EmailLink.objects.get().pk
    session.save()
    assert "Pautan ini sudah digunakan." in other.get(PATH).text
    assert "Pautan ini sudah digunakan." in other.post(PATH, visit(token="123456")).text


def test_the_link_is_good_for_a_day(patient, client, rohani, clock):
    clock.shift(timedelta(hours=24))
    page = client.get(PATH).text
    assert "Minta pautan baharu daripada penyelia anda." in page
    assert "Hantar pautan baharu" not in page
    assert client.post("/akaun/pautan-baharu/").status_code == 200
    assert EmailLink.objects.count() == 1


def test_a_late_officer_is_invited_again(client, rohani, at):
    second = invite()
    assert EmailLink.objects.earliest("pk").why_closed(at) == "superseded"
    client.get(second)
    assert 'href="/staf/"' in client.post(PATH, visit(token=digits_of(rohani))).text
    with pytest.raises(CommandError, match="rohani is taken"):
        invite()


def test_a_drivers_name_is_not_taken_over(db):
    driver = make_user()
    with pytest.raises(CommandError):
        invite(driver.username)
    driver.refresh_from_db()
    assert not driver.is_staff


def test_a_superuser_is_made_only_when_asked(db):
    invite("ketua", group="", superuser=True)
    assert User.objects.get().is_superuser


@pytest.mark.parametrize("group", ["", "penyelia"])
def test_an_officer_belongs_to_a_group(db, group):
    words = "reviewer, finance, support, auditor, administrator"
    with pytest.raises(CommandError, match=words):
        invite(group=group)
    assert not User.objects.exists()


def test_the_invitation_is_an_event(rohani):
    event = AuditEvent.objects.get()
    assert (event.action, event.subject_id) == ("officer_invited", str(rohani.pk))
    assert event.detail == {"group": "reviewer"}


@pytest.mark.parametrize("path", [PATH, "/pegawai/" + "x" * 43 + "/"])
def test_without_a_link_there_is_an_honest_page(client, db, path):
    page = client.get(path, follow=True).text
    assert "Kami tidak mengenali pautan ini." in page


# --- closing -------------------------------------------------------------------------------
def test_a_closed_officer_is_out_at_once_and_may_be_invited_anew(client, db):
    officer = seated(client)
    assert client.get("/staf/").status_code == 200
    call_command("close_officer", officer.username)
    assert client.get("/staf/").status_code == 302
    officer.refresh_from_db()
    assert not officer.is_active
    assert not officer.has_usable_password()
    assert not Authenticator.objects.exists()
    assert AuditEvent.objects.get().action == "officer_closed"
    assert invite(officer.username).startswith("/pegawai/")


def test_only_an_officer_is_closed(db):
    driver = make_user()
    with pytest.raises(CommandError, match="No officer is called"):
        call_command("close_officer", driver.username)
    driver.refresh_from_db()
    assert driver.is_active


# --- development copies --------------------------------------------------------------------
@pytest.fixture
def data_dir(settings, tmp_path):
    settings.DATA_DIR = tmp_path
    return tmp_path


def development_officer():
    out = StringIO()
    call_command("development_officer", stdout=out)
    return out.getvalue()


def test_a_development_copy_prints_the_same_officer_twice(db, data_dir):
    first = development_officer()
    assert first == development_officer()
    groups = "reviewer, finance, support, auditor, administrator"
    assert first.startswith(f"name: pegawai (everything), or {groups}\npassword: ")
    assert re.search(r"\nTOTP secret: [A-Z2-7]{32}\nTOTP url: otpauth://totp/", first)
    assert User.objects.count() == Authenticator.objects.count() == 6


def test_each_group_has_its_officer(db, data_dir):
    development_officer()
    for officer in User.objects.exclude(username="pegawai"):
        assert [group.name for group in officer.groups.all()] == [officer.username]
        assert not officer.is_superuser


def test_that_officer_can_log_in(db, data_dir):
    development_officer()
    kept = json.loads((data_dir / "keys" / "officer.json").read_text())
    officer = User.objects.get(username="pegawai")
    assert officer.is_staff
    assert officer.is_superuser
    assert officer.check_password(kept["password"])
    assert officer.authenticator_set.get().key == kept["key"]


def test_only_its_owner_reads_the_file(db, data_dir):
    development_officer()
    mode = Path(data_dir / "keys" / "officer.json").stat().st_mode
    assert stat.S_IMODE(mode) == 0o600


def test_a_real_portal_has_no_such_officer(db, data_dir, settings):
    settings.IS_HTTPS = True
    with pytest.raises(CommandError):
        development_officer()
    assert not User.objects.exists()
