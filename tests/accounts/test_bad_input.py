"""Bad input at the door: what people, phones and scripts type into a sign-up, each with its answer.

An answer is the stored value, or the sentence beside the field; nothing is ever a server error,
and nothing that was refused is kept.
"""

from datetime import timedelta

import pytest
from django.test import Client

from accounts.models import Code, User
from tests.accounts.pages import TYPED, errors, lands
from tests.factories import make_code

LENGTH = "Nombor kad pengenalan mesti 12 angka"
DIGITS = "Nombor kad pengenalan mesti angka 0 hingga 9 sahaja"
DATE = "Enam angka pertama mesti tarikh lahir yang sah"
PLACE = "Angka ketujuh dan kelapan mesti kod tempat lahir yang sah"
OLD = "Ini nombor kad pengenalan lama. Masukkan nombor 12 angka pada MyKad anda"
RUMI = "Taip nama dalam huruf Rumi"
SIGNS = "Nama hanya boleh mengandungi huruf, ruang dan tanda ' / @ . , ( ) -"
NAME = "Masukkan nama penuh anda"
LONG_NAME = "Nama penuh mesti tidak melebihi 150 aksara"
PHONE = "Nombor telefon bimbit mesti bermula dengan 01 dan mempunyai 10 atau 11 angka"
PHONE_SIGNS = "Tulis nombor telefon bimbit dengan angka 0 hingga 9, tanpa huruf"
FOREIGN = "Masukkan nombor telefon bimbit Malaysia, contohnya 012-345 6789"
NOT_MOBILE = "Kod OTP tidak dapat dihantar ke nombor ini. Masukkan nombor telefon bimbit"
EMAIL = "Masukkan alamat e-mel dalam format yang betul, contohnya nama@contoh.com"
NUL = "Karakter Null tidak dibenarkan."
IC = "850101145523"
LONG_EMAIL = f"{'a' * 64}@{'b' * 60}.{'c' * 60}.{'d' * 63}.com"  # 254

ROWS = [
    # field, typed, stored, sentence
    ("ic_number", " 850101 14 5523 ", IC, ""),
    ("ic_number", "850101-14-5523", IC, ""),
    ("ic_number", "850101\u201114\u20135523", IC, ""),  # hyphens of word processors
    ("ic_number", "85010114552", "", LENGTH),
    ("ic_number", "8501011455233", "", LENGTH),
    ("ic_number", "850230145523", "", DATE),
    ("ic_number", "850101005523", "", PLACE),
    ("ic_number", "٨٥٠١٠١١٤٥٥٢٣", "", DIGITS),
    ("ic_number", "８５０１０１１４５５２３", "", DIGITS),
    ("ic_number", "A1234567", "", OLD),
    ("ic_number", "850101-14-5523\x00", "", NUL),
    ("ic_number", "9" * 100_000, "", LENGTH),
    ("full_name", "A", "A", ""),
    ("full_name", "A" * 150, "A" * 150, ""),
    ("full_name", "A" * 151, "", LONG_NAME),
    ("full_name", "Muthu A/L Raman", "Muthu A/L Raman", ""),
    ("full_name", "Ahmad @ Mat", "Ahmad @ Mat", ""),
    ("full_name", "Dato’ Siti", "Dato' Siti", ""),
    (
        "full_name",
        "Jose\u0301 Pen\u0303a",
        "José Peña",
        "",
    ),  # two signs a letter, as some phones do
    ("full_name", "  Aminah \t binti  Ali ", "Aminah binti Ali", ""),
    ("full_name", "   ", "", NAME),
    ("full_name", "Aminah 😀", "", SIGNS),
    ("full_name", "<script>alert(1)</script>", "", SIGNS),
    ("full_name", "=cmd|' /C calc'!A0", "", SIGNS),
    ("full_name", "أمينة", "", RUMI),
    ("full_name", "Ali\u202e Abu", "Ali Abu", ""),
    ("full_name", "'-./@", "", RUMI),
    ("full_name", "Ali\x00", "", NUL),
    ("phone", "012-345 6789", "+60123456789", ""),
    ("phone", "+60 12-345 6789", "+60123456789", ""),
    ("phone", "011-1234 5678", "+601112345678", ""),
    ("phone", "03-8091 5300", "", NOT_MOBILE),
    ("phone", "+65 9123 4567", "", FOREIGN),
    ("phone", "1-600-80-1234", "", NOT_MOBILE),
    ("phone", "1300-22-8000", "", NOT_MOBILE),
    ("phone", "０１２３４５６７８９", "", PHONE_SIGNS),
    ("phone", "0123456789\x00", "", NUL),
    ("email", "aminah+lindung@contoh.com", "aminah+lindung@contoh.com", ""),
    ("email", "aminah@münchen.example", "aminah@münchen.example", ""),
    ("email", LONG_EMAIL, LONG_EMAIL, ""),
    ("email", f"a{LONG_EMAIL}", "", EMAIL),
    ("email", f"{'a' * 250}@b.my", "", EMAIL),
    ("email", "a@b.com\r\nBcc: c@d.com", "", EMAIL),
    ("email", "a@b.com\nSubject: x", "", EMAIL),
    ("email", "a@b.com, c@d.com", "", EMAIL),
    ("email", "aminah", "", EMAIL),
    ("email", "a@b.com\x00", "", NUL),
]


@pytest.mark.parametrize(("field", "typed", "stored", "sentence"), ROWS, ids=repr)
def test_each_has_its_answer(client, db, field, typed, stored, sentence):
    response = client.post("/daftar/", TYPED | {field: typed})
    if sentence:
        assert sentence in errors(response, field)
        assert "<script>alert" not in response.text
        assert not User.objects.exists()
    else:
        assert lands(response, "/daftar/otp/")
        assert getattr(User.objects.get(), field) == stored


# --- HTTP ----------------------------------------------------------------------------------
def test_a_double_submit_is_one_sign_up(client, db):
    attempt = str(client.get("/daftar/").context["form"]["attempt"].value())
    for _press in range(2):
        assert lands(client.post("/daftar/", TYPED | {"attempt": attempt}), "/daftar/otp/")
    assert Code.objects.count() == 1


def test_two_tabs_are_two_sign_ups_and_the_last_one_goes_on(client, db):
    for name in ("Aminah", "Boon"):
        client.post("/daftar/", TYPED | {"full_name": name, "phone": f"012-345 678{len(name)}"})
    digits = make_code(User.objects.get(full_name="Boon"))
    assert lands(client.post("/daftar/otp/", {"code": digits}), "/daftar/berjaya/")
    assert User.objects.get(full_name="Aminah").phone_proved_at is None


def test_back_after_the_code_leads_forward(client, db):
    client.post("/daftar/", TYPED)
    client.post("/daftar/otp/", {"code": make_code(User.objects.get())})
    for response in (client.get("/daftar/otp/"), client.post("/daftar/otp/", {"code": "000000"})):
        assert lands(response, "/daftar/berjaya/")


def test_an_old_form_with_fields_that_are_gone_is_read_for_those_that_are(client, db):
    old = TYPED | {"attempt": "not a uuid", "nama": "x", "ic": "y"}
    assert lands(client.post("/daftar/", old), "/daftar/otp/")


def test_without_its_csrf_token_a_form_is_refused_and_said_why(db):
    browser = Client(enforce_csrf_checks=True)
    for page in ("/daftar/", "/log-masuk/", "/lupa-kata-laluan/"):
        response = browser.post(page, TYPED)
        assert response.status_code == 403
        assert "Halaman ini sudah lama dibuka" in response.text


def test_of_a_field_sent_twice_the_last_one_counts(client, db):
    client.post("/daftar/", TYPED | {"full_name": ["Aminah", "Boon"]})
    assert User.objects.get().full_name == "Boon"


def test_a_forged_forwarded_for_names_no_network_of_its_own(client, db, settings):
    settings.LIMITS = settings.LIMITS | {"ic_per_network": (1, timedelta(hours=1))}
    client.post("/log-masuk/", {"ic_number": IC})
    forged = {"x-forwarded-for": "203.0.113.9"}
    assert errors(client.post("/log-masuk/", {"ic_number": IC}, headers=forged), "ic_number")


def test_a_body_above_the_limit_is_refused_before_it_is_read(client, db, settings):
    size = str(settings.REQUEST_MAX_BYTES + 1)
    answer = client.post("/daftar/", TYPED, headers={"content-length": size})
    assert answer.status_code == 413


@pytest.mark.parametrize("path", ["/daftar/", "/log-masuk/", "/lupa-kata-laluan/"])
@pytest.mark.parametrize("method", ["put", "delete", "patch"])
def test_other_methods_are_refused(client, db, path, method):
    assert getattr(client, method)(path).status_code == 405


@pytest.mark.parametrize(
    ("content_type", "body"),
    [
        ("application/json", '{"ic_number": "850101145523"}'),
        ("text/plain", "ic_number=850101145523"),
        ("multipart/form-data; boundary=x", "nonsense"),
        ("application/x-www-form-urlencoded", "%ff%fe=%00&ic_number=%c3%28"),
    ],
)
def test_a_body_that_is_no_form_is_an_empty_form(client, db, content_type, body):
    answer = client.generic("POST", "/log-masuk/", body, content_type)
    assert answer.status_code in {303, 400}
    assert not User.objects.exists()
