"""Where the registration stands, and what comes next."""

from datetime import date, timedelta

import pytest
from django.utils import translation

from contributions.services import plans
from registration.models import DocumentRule, Registration, ReturnedDocument
from registration.services import decisions, drafts, submission, uploads
from tests.by_hand import by_hand
from tests.factories import (
    PARTICULARS,
    correct_name,
    get_rate,
    make_document,
    make_file,
    make_officer,
    make_registration,
    make_user,
)
from tests.reading import in_one_line

pytestmark = pytest.mark.django_db
URL = "/pendaftaran/"
HOUR = timedelta(hours=1)


@pytest.fixture
def boon(client):
    boon = make_user("Boon")
    client.force_login(boon)
    return boon


def statuses(page):
    return [(item["title"], item["status"]) for item in page.context["tasks"]]


def test_whoever_has_nothing_yet_begins(client, boon):
    assert client.get(URL).headers["Location"] == "/pendaftaran/jenis/"


def test_it_lists_what_is_done_and_what_is_left(client, boon, at):
    registration = drafts.save_service(user=boon, sector="taxi", region="peninsular", at=at)
    page = client.get(URL)
    assert statuses(page) == [
        ("Jenis perkhidmatan", "Selesai"),
        ("Maklumat anda", "Belum mula"),
        ("Lesen memandu", "Belum mula"),
        ("Kad PSV atau Kad Pemandu", "Belum mula"),
        ("Pelan caruman", "Belum mula"),
        ("Bayaran", "Belum mula"),
    ]
    assert 'href="/pendaftaran/maklumat/">Seterusnya' in page.text
    drafts.save_details(registration=registration, at=at, **PARTICULARS)
    uploads.keep_upload(registration=registration, kind="lesen", file=make_file(), at=at)
    make_document(registration, "psv")
    assert statuses(client.get(URL))[1:] == [
        ("Maklumat anda", "Selesai"),
        ("Lesen memandu", "Sedang diisi"),
        ("Kad PSV", "Selesai"),
        ("Pelan caruman", "Belum mula"),
        ("Bayaran", "Belum mula"),
    ]


def test_plan_and_payment_are_done_from_the_list(client, boon, at):
    registration = make_registration(boon)
    assert [item["url"] for item in client.get(URL).context["tasks"]][-2:] == [
        "/caruman/pelan/",
        "",
    ]
    plans.choose_plan(registration=registration, rate=get_rate(), at=at)
    page = client.get(URL)
    assert statuses(page)[-2:] == [("Pelan caruman", "Selesai"), ("Bayaran", "Belum mula")]
    assert page.context["tasks"][-1]["url"] == "/caruman/semak/"


@pytest.mark.parametrize(
    ("kinds", "following"),
    [
        ([], "/pendaftaran/dokumen/lesen/"),
        (["lesen"], "/pendaftaran/dokumen/"),
        (["lesen", "psv"], "/caruman/pelan/"),
    ],
)
def test_the_next_step_is_derived_from_what_is_there(client, boon, kinds, following):
    make_registration(boon, kinds=kinds)
    page = client.get(URL)
    assert page.context["next_url"] == following
    assert f'href="{following}">Seterusnya' in page.text


def test_an_expired_document_is_marked(client, boon):
    draft = make_registration(boon)
    make_document(draft, "psv", expiry_date=date(2026, 11, 21))
    page = client.get(URL)
    assert statuses(page)[3] == ("Kad PSV", "Tamat tempoh")


def test_whoever_cannot_be_insured_is_led_to_the_reasons(client, boon):
    make_registration(boon, citizenship="other")
    assert client.get(URL).context["next_url"] == "/pendaftaran/tidak-layak/"


def test_what_an_officer_must_see_is_sent_by_a_button(client, boon):
    make_registration(boon, region="sarawak")
    page = client.get(URL)
    assert 'action="/pendaftaran/hantar/"' in page.text
    assert "Hantar untuk semakan" in page.text


@pytest.mark.parametrize(
    ("status", "is_paid", "words", "offers"),
    [
        ("referred", False, "Pegawai sedang melihat dokumen anda", None),
        ("submitted", False, "Menunggu bayaran", 'href="/caruman/pelan/">Seterusnya'),
        ("submitted", True, "Sedang disemak", None),
        ("returned", None, "Gambar kabur atau tidak dapat dibaca", 'href="/hubungi/"'),
        ("approved", None, "Diluluskan", ">Memperbaharui</a>"),
        ("rejected", None, "Dokumen yang salah dimuat naik", ">Daftar semula</a>"),
    ],
)
def test_every_status_says_whose_turn_it_is(client, boon, status, is_paid, words, offers):
    make_registration(boon, status, is_paid=is_paid)
    page = client.get(URL)
    assert words in page.text
    if offers:
        assert offers in page.text
    else:
        assert "Seterusnya" not in page.text
        assert "/pendaftaran/maklumat/" not in page.text


def test_what_was_returned_is_sent_again_by_a_button_once_something_has_changed(client, boon, at):
    registration = make_registration(boon, "returned")
    page = client.get(URL)
    assert "Belum ada perubahan sejak pendaftaran ini dikembalikan" in page.text
    assert "/pendaftaran/hantar/" not in page.text
    make_document(registration, "psv", at=at + HOUR)
    page = client.get(URL)
    assert "Belum ada perubahan" not in page.text
    assert 'action="/pendaftaran/hantar/"' in page.text


def return_for(registration, at, **reasons):
    """The officer wants these documents again; `reasons` by kind, with _ for -."""
    named = {one.kind: one for one in registration.live_documents}
    decisions.return_registration(
        registration=registration,
        by=make_officer(),
        at=at,
        faults=[
            decisions.Fault(named[kind.replace("_", "-")], why) for kind, why in reasons.items()
        ],
    )


def test_what_was_returned_names_each_document_with_its_reason_and_its_button(client, boon, at):
    registration = make_registration(boon, "submitted", is_paid=True)
    return_for(registration, at, lesen="blurred", psv="expired")
    text = in_one_line(client.get(URL).text)
    assert "<strong>Lesen memandu</strong>: Gambar kabur atau tidak dapat dibaca" in text
    assert "<strong>Kad PSV</strong>: Dokumen telah tamat tempoh" in text
    assert 'href="/pendaftaran/dokumen/lesen/">Ambil semula lesen memandu</a>' in text
    assert 'href="/pendaftaran/dokumen/psv/">Ambil semula Kad PSV</a>' in text
    assert "Sebab:" not in text


def test_only_the_returned_document_is_to_be_taken_again(client, boon, at):
    registration = make_registration(boon, "submitted", is_paid=True)
    return_for(registration, at, psv="cropped")
    assert statuses(client.get(URL)) == [
        ("Jenis perkhidmatan", "Selesai"),
        ("Maklumat anda", "Selesai"),
        ("Lesen memandu", "Selesai"),
        ("Kad PSV", "Ambil semula"),
    ]


def test_it_is_sent_again_once_every_returned_document_is_there(client, boon, at):
    registration = make_registration(boon, "submitted", is_paid=True)
    return_for(registration, at, lesen="blurred", psv="blurred")
    make_document(Registration.objects.get(), "lesen", at=at + HOUR)
    page = client.get(URL)
    assert 'href="/pendaftaran/dokumen/psv/">Ambil semula Kad PSV</a>' in page.text
    assert "Ambil semula lesen memandu" not in page.text
    assert "/pendaftaran/hantar/" not in page.text
    make_document(Registration.objects.get(), "psv", at=at + HOUR)
    page = client.get(URL)
    assert "Ambil semula" not in page.text
    assert 'action="/pendaftaran/hantar/"' in page.text


def test_a_wrong_second_document_may_be_answered_by_another_kind(client, boon, at):
    registration = make_registration(boon, "submitted", is_paid=True)
    return_for(registration, at, psv="wrong_document")
    page = client.get(URL)
    assert 'href="/pendaftaran/dokumen/">Ambil semula Kad PSV</a>' in page.text
    make_document(Registration.objects.get(), "kad-pemandu", at=at + HOUR)
    assert [one.kind for one in Registration.objects.get().live_documents] == [
        "lesen",
        "kad-pemandu",
    ]
    assert 'action="/pendaftaran/hantar/"' in client.get(URL).text


def test_a_corrected_name_answers_for_a_mismatch(boon, at):
    registration = make_registration(boon, "submitted", is_paid=True)
    return_for(registration, at, lesen="mismatch")
    assert not Registration.objects.get().is_answered
    correct_name(boon, at=at + HOUR)
    assert Registration.objects.get().is_answered


@pytest.mark.parametrize(
    ("reason", "is_kept"), [("blurred", False), ("expired", False), ("mismatch", True)]
)
def test_its_page_says_why_and_asks_for_a_new_picture(client, boon, at, reason, is_kept):
    registration = make_registration(boon, "submitted", is_paid=True)
    return_for(registration, at, lesen=reason)
    page = client.get("/pendaftaran/dokumen/lesen/")
    assert "Pegawai meminta dokumen ini semula" in page.text
    assert str(Registration.Reason(reason).label) in page.text
    assert ("Tukar fail" in page.text) == is_kept
    other = client.get("/pendaftaran/dokumen/psv/")
    assert "Pegawai meminta" not in other.text


def test_what_counts_no_longer_is_answered_by_another_document(client, boon, at):
    registration = make_registration(boon, "submitted", is_paid=True)
    return_for(registration, at, psv="blurred")
    DocumentRule.objects.filter(kind="psv").delete()
    assert client.get("/pendaftaran/dokumen/psv/").headers["Location"] == "/pendaftaran/dokumen/"
    assert client.get("/pendaftaran/dokumen/profil-pemandu/").status_code == 404


def test_a_second_return_names_its_own_documents_and_the_first_is_kept(boon, at):
    registration = make_registration(boon, "submitted", is_paid=True)
    return_for(registration, at, lesen="blurred")
    make_document(Registration.objects.get(), "lesen", at=at + HOUR)
    again = submission.submit_registration(
        registration=Registration.objects.get(), by=boon, at=at + HOUR
    )
    return_for(again, at + 2 * HOUR, psv="expired")
    assert [str(one) for one in Registration.objects.get().to_retake] == ["Kad PSV"]
    assert [str(one) for one in ReturnedDocument.objects.order_by("pk")] == [
        "Lesen memandu: Gambar kabur atau tidak dapat dibaca",
        "Kad PSV: Dokumen telah tamat tempoh",
    ]


def test_an_officers_note_is_shown_as_text(client, boon, at):
    registration = make_registration(boon, "submitted", is_paid=True)
    decisions.return_registration(
        registration=registration,
        by=make_officer(),
        at=at,
        reason="other",
        note="Tulis <b>nama</b> penuh",
    )
    page = client.get(URL)
    assert "Sebab lain" in page.text
    assert "Tulis &lt;b&gt;nama&lt;/b&gt; penuh" in page.text


@pytest.mark.parametrize("page", [URL, "/saya/"])
@pytest.mark.parametrize("status", ["submitted", "referred"])
def test_a_note_beside_good_news_is_shown_with_its_day(client, boon, at, status, page):
    registration = make_registration(boon, status, is_paid=status == "submitted")
    decide = (
        decisions.approve_registration if status == "submitted" else decisions.allow_registration
    )
    decide(registration=registration, by=make_officer(), at=at, note="Kad <PSV> tamat tidak lama")
    text = client.get(page).text
    assert "Catatan pegawai, 22\xa0Nov\xa02026" in text
    assert "Kad &lt;PSV&gt; tamat tidak lama" in text


def test_a_refusal_shows_its_note_once(client, boon, at):
    registration = make_registration(boon, "submitted", is_paid=True)
    decisions.return_registration(
        registration=registration, by=make_officer(), at=at, reason="blurred", note="Muka hadapan"
    )
    assert client.get(URL).text.count("Muka hadapan") == 1


def test_whoever_was_allowed_reads_that_he_may_pay_now(client, boon, at):
    registration = make_registration(boon, "referred")
    decisions.allow_registration(registration=registration, by=make_officer(), at=at)
    page = client.get(URL)
    assert "Bayaran dibenarkan" in page.text
    assert 'href="/caruman/pelan/">Seterusnya' in page.text


def test_whoever_has_paid_while_editing_only_sends_it_again(client, boon, at):
    registration = make_registration(boon, "submitted")
    drafts.save_details(registration=registration, at=at, **PARTICULARS | {"town": "Bangi"})
    submission.queue_for_review(registration=registration, at=at)
    page = client.get(URL)
    assert "anda tidak perlu membayar lagi" in page.text
    assert "Hantar semula" in page.text


def test_a_change_to_what_was_approved_is_announced(client, boon, at):
    registration = make_registration(boon, "approved")
    make_document(registration, "psv", at=at + HOUR)
    page = client.get(URL)
    assert "Perubahan anda belum disemak" in page.text


def test_other_registrations_are_a_button_away(client, boon, at):
    make_registration(boon, "approved", sector="taxi")
    make_registration(boon, sector="bus", at=at + HOUR)
    page = client.get(URL)
    assert page.context["registration"].sector == "bus"
    assert "Teruskan dengan Teksi" in page.text


def test_a_rejection_is_shown_until_he_begins_anew(client, boon, at):
    make_registration(boon, "rejected", sector="taxi")
    make_registration(boon, sector="bus", at=at + HOUR)
    assert "Pendaftaran Teksi ditolak" in client.get(URL).text
    make_registration(boon, sector="taxi", at=at + 2 * HOUR)
    assert "ditolak" not in client.get(URL).text


def test_it_shows_nobody_elses(client, boon):
    make_registration(make_user("Aminah"), "approved")
    assert client.get(URL).headers["Location"] == "/pendaftaran/jenis/"


def test_in_english_it_is_the_same_page(client, boon):
    make_registration(boon)
    with translation.override("en"):
        assert client.get("/en/pendaftaran/").status_code == 200


def test_what_was_returned_takes_few_queries(client, boon, django_assert_max_num_queries):
    make_registration(boon, "returned")
    client.get(URL)
    with django_assert_max_num_queries(7):
        client.get(URL)


@pytest.mark.parametrize("many", [1, 50])
def test_it_takes_few_queries_however_often_he_was_rejected(
    client, boon, many, at, django_assert_max_num_queries
):
    make_registration(boon)
    rejected = {"sector": "taxi", "region": "sabah", "status": "rejected", "reason": "other"}
    moments = {"created_at": at, "chosen_at": at, "changed_at": at, "submitted_at": at}
    with by_hand():
        Registration.objects.bulk_create(
            Registration(user=boon, **rejected, **moments) for _number in range(many)
        )
    client.get(URL)
    with django_assert_max_num_queries(7):
        assert client.get(URL).status_code == 200


def test_a_rule_of_another_sector_changes_nothing(client, boon):
    make_registration(boon)
    DocumentRule.objects.filter(sector="bus").delete()
    assert client.get(URL).context["next_url"] == "/caruman/pelan/"


def test_strangers_are_sent_to_the_log_in(client):
    assert client.get(URL).headers["Location"].startswith("/log-masuk/")
