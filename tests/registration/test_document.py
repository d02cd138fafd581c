"""One document a page: file, number, expiry."""

from datetime import date, timedelta

import pytest
from django.core.files.storage import default_storage
from django.core.files.uploadedfile import SimpleUploadedFile

from registration.models import SupportingDocument
from tests.by_hand import by_hand
from tests.factories import DATA, make_document, make_registration, make_user
from tests.registration.files import picture

pytestmark = pytest.mark.django_db
URL = "/pendaftaran/dokumen/lesen/"
PHOTO = (DATA / "lesen.jpg").read_bytes()


@pytest.fixture
def draft(client):
    """Boon's, without documents, in his browser."""
    boon = make_user("Boon")
    client.force_login(boon)
    return make_registration(boon, kinds=[])


def uploaded(content=PHOTO, name="lesen.jpg"):
    return SimpleUploadedFile(name, content, "image/jpeg")


def answers(file=None, **changed):
    """What the form sends; no file when `file` is False."""
    typed = {
        "number": "D1234567",
        "expiry_date_day": "31",
        "expiry_date_month": "12",
        "expiry_date_year": "2030",
    }
    sent = {} if file is False else {"file": file or uploaded()}
    return typed | sent | changed


def codes(page):
    return {
        name: [error.code for error in found]
        for name, found in page.context["form"].errors.as_data().items()
    }


def test_it_asks_for_file_number_and_expiry(client, draft):
    page = client.get(URL)
    assert page.status_code == 200
    assert "<h1>Muat naik lesen memandu" in page.text
    for words in ["Nombor lesen", "Tarikh tamat lesen", "Hari", "Bulan", "Tahun"]:
        assert words in page.text
    assert 'enctype="multipart/form-data"' in page.text


def test_the_file_is_kept_and_read_before_the_next_page(client, draft):
    answer = client.post(URL, answers())
    assert answer.headers["Location"] == "/pendaftaran/dokumen/lesen/diproses/"
    document = SupportingDocument.objects.get()
    assert (document.kind, document.number, document.expiry_date) == (
        "lesen",
        "D1234567",
        date(2030, 12, 31),
    )
    with default_storage.open(document.original.name) as file:
        assert file.read() == PHOTO


def test_whoever_checks_his_answers_goes_back_to_them(client, draft):
    answer = client.post(f"{URL}?dari=semak", answers())
    assert answer.headers["Location"] == "/pendaftaran/dokumen/lesen/diproses/?dari=semak"


@pytest.mark.parametrize(
    ("content", "name", "code", "words"),
    [
        (b"<html><script>alert(1)</script>", "lesen.jpg", "wrong_type", "mesti JPG, PNG, HEIC"),
        (b"", "lesen.jpg", "empty", "Fail ini kosong"),
        (b"x" * (10 * 1024 * 1024 + 1), "lesen.jpg", "too_large", "lebih kecil daripada 10 MB"),
        (picture("GIF"), "lesen.gif", "other_picture", "Gambar mesti JPG, PNG atau HEIC"),
        (b"PK\x03\x04", "lesen.docx", "office", "Fail Word atau fail termampat tidak diterima"),
        (b"\0\0\0\x14ftypqt  ", "lesen.mov", "video", "Ini video"),
    ],
)
def test_each_wrong_file_has_its_own_sentence(client, draft, content, name, code, words):
    page = client.post(URL, answers(uploaded(content, name)))
    assert codes(page) == {"file": [code]}
    assert words in page.text
    assert 'value="D1234567"' in page.text
    assert not SupportingDocument.objects.exists()


def test_E30_number_and_expiry_without_a_file_are_not_enough(client, draft):
    page = client.post(URL, answers(False))
    assert codes(page) == {"file": ["required"]}
    assert "Ambil gambar atau pilih fail lesen memandu" in page.text


@pytest.mark.parametrize(
    ("typed", "field", "code", "words"),
    [
        ({"number": ""}, "number", "required", "Masukkan nombor lesen"),
        ({"number": "x" * 41}, "number", "max_length", "paling banyak 40"),
        (
            {"expiry_date_day": "", "expiry_date_month": "", "expiry_date_year": ""},
            "expiry_date",
            "required",
            "Masukkan tarikh tamat lesen",
        ),
        ({"expiry_date_day": "31", "expiry_date_month": "2"}, "expiry_date", "invalid", "yang sah"),
        ({"expiry_date_year": "203"}, "expiry_date", "year", "empat angka, contohnya 2028"),
        ({"expiry_date_year": "25"}, "expiry_date", "expired", "Lesen ini sudah tamat tempoh"),
        ({"expiry_date_year": "dua"}, "expiry_date", "invalid", "yang sah"),
        (
            {"expiry_date_day": "21", "expiry_date_month": "11", "expiry_date_year": "2026"},
            "expiry_date",
            "expired",
            "Lesen ini sudah tamat tempoh. Perbaharui lesen sebelum mendaftar",
        ),
    ],
)
def test_when_only_number_or_date_is_wrong_the_file_stays(client, draft, typed, field, code, words):
    page = client.post(URL, answers(**typed))
    assert codes(page) == {field: [code]}
    assert words in page.text
    assert "lesen.jpg" in page.text
    assert "(10.2\xa0KB)" in page.text
    assert "Tukar fail" in page.text
    assert SupportingDocument.objects.get().original_name == "lesen.jpg"
    answer = client.post(URL, answers(False))
    assert answer.status_code == 302
    document = SupportingDocument.objects.get()
    assert (document.original_name, document.number) == ("lesen.jpg", "D1234567")


def test_the_kept_file_is_there_when_he_comes_back_another_day(client, draft):
    client.post(URL, answers(number=""))
    assert "lesen.jpg" in client.get(URL).text
    assert "Sedang diisi" in client.get("/pendaftaran/").text


def test_what_he_typed_is_there_while_the_file_is_read(client, draft):
    client.post(URL, answers())
    assert 'value="D1234567"' in client.get(URL).text
    assert "Sedang diproses" in client.get("/pendaftaran/").text


@pytest.mark.parametrize(("day", "month"), [(31, 12), (29, 2)])
def test_a_year_of_two_figures_is_of_this_century(client, draft, day, month):
    typed = {"expiry_date_day": day, "expiry_date_month": month, "expiry_date_year": "28"}
    assert client.post(URL, answers(**typed)).status_code == 302
    assert SupportingDocument.objects.get().expiry_date == date(2028, month, day)


def test_another_file_takes_the_place_of_the_kept_one(client, draft):
    client.post(URL, answers(number=""))
    client.post(URL, answers(uploaded(picture("PNG"), "baharu.png")))
    assert SupportingDocument.objects.get().original_name == "baharu.png"


def test_a_wrong_file_leaves_the_kept_one(client, draft):
    client.post(URL, answers(number=""))
    page = client.post(URL, answers(uploaded(b"teks", "nota.txt")))
    assert codes(page) == {"file": ["wrong_type"]}
    assert SupportingDocument.objects.get().original_name == "lesen.jpg"


@pytest.mark.parametrize(
    ("status", "refusal", "words"),
    [
        ("refused", "locked", "Fail PDF ini dilindungi kata laluan"),
        ("refused", "too_many_pages", "tidak lebih daripada 20 halaman"),
        ("infected", "", "Fail ini mengandungi virus"),
    ],
)
def test_why_the_file_is_not_good_stands_above_the_form(client, draft, status, refusal, words):
    client.post(URL, answers())
    with by_hand():
        SupportingDocument.objects.update(status=status, refusal=refusal)
    page = client.get(URL)
    assert words in page.text
    assert "<title>Ralat: Muat naik lesen memandu" in page.text
    assert 'value="D1234567"' in page.text
    assert "Tukar fail" not in page.text
    assert "Tidak diterima" in client.get("/pendaftaran/").text
    assert codes(client.post(URL, answers(False))) == {"file": ["required"]}
    assert client.post(URL, answers()).status_code == 302


def test_a_document_that_is_valid_need_not_be_sent_to_mend_its_number(client, draft):
    make_document(draft, "lesen")
    page = client.get(URL)
    assert 'value="D1234567"' in page.text
    answer = client.post(URL, answers(False, number="D7654321"), follow=True)
    assert answer.redirect_chain[-1][0] == "/pendaftaran/dokumen/"
    live = SupportingDocument.objects.live().get()
    assert live.number == "D7654321"
    assert SupportingDocument.objects.count() == 2


def test_an_expired_document_must_be_sent_again(client, draft):
    make_document(draft, "lesen", expiry_date=date(2026, 11, 21))
    page = client.get(URL)
    assert "D1234567" not in page.text
    assert codes(client.post(URL, answers(False))) == {"file": ["required"]}


def test_today_is_the_last_day_that_counts(client, draft):
    typed = {"expiry_date_day": "22", "expiry_date_month": "11", "expiry_date_year": "2026"}
    assert client.post(URL, answers(**typed)).status_code == 302


def test_a_storage_that_is_down_says_so_and_keeps_what_was_typed(client, draft, monkeypatch):
    def failing(*args, **kwargs):
        raise OSError

    monkeypatch.setattr(default_storage, "save", failing)
    page = client.post(URL, answers())
    assert "Fail tidak dapat dimuat naik. Cuba lagi" in page.text
    assert 'value="D1234567"' in page.text
    page = client.post(URL, answers(number=""))
    assert "Fail tidak dapat dimuat naik. Cuba lagi" in page.text


def test_one_who_sent_too_much_is_told(client, draft, settings):
    settings.LIMITS = settings.LIMITS | {"upload_per_day": (0, timedelta(days=1))}
    page = client.post(URL, answers())
    assert "Anda telah memuat naik 20 fail hari ini. Cuba lagi esok" in page.text


@pytest.mark.parametrize("kind", ["surat-kebenaran", "profil-pemandu", "gdl"])
def test_a_document_that_is_not_asked_for_has_no_page(client, draft, kind):
    assert client.get(f"/pendaftaran/dokumen/{kind}/").status_code == 404


def test_a_bus_driver_is_asked_for_his_vocational_licence(client):
    boon = make_user("Boon")
    make_registration(boon, sector="bus", kinds=["lesen"])
    client.force_login(boon)
    page = client.get("/pendaftaran/dokumen/psv/")
    assert "Muat naik lesen vokasional (Kad PSV)" in page.text


def test_out_of_turn_it_shows_where_he_stands(client):
    boon = make_user("Boon")
    make_registration(boon, "referred")
    client.force_login(boon)
    answer = client.post(URL, answers())
    assert answer.headers["Location"] == "/pendaftaran/"
    assert SupportingDocument.objects.live().filter(kind="lesen").count() == 1


def test_strangers_are_sent_to_the_log_in(client):
    assert client.get(URL).headers["Location"].startswith("/log-masuk/")
