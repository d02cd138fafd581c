"""How a payment stands: a page for each status."""

from datetime import timedelta

import pytest
import responses
import time_machine
from django.conf import settings
from django.urls import reverse

from foundation import wording
from payments.models import Payment, PaymentCase
from payments.services import attempts, enquiries, undecided
from payments.services.cases import open_case
from receipts.models import Receipt
from registration.models import Registration
from tests.factories import AT, make_officer, make_payment, make_refund, make_user, tell
from tests.payments import fakes

AE = f"{settings.FPX_URL}sellerNVPTxnStatus.jsp"


@pytest.fixture(autouse=True)
def now(at):
    with time_machine.travel(at + timedelta(minutes=2), tick=False) as traveller:
        yield traveller


@pytest.fixture(autouse=True)
def signed_in(patient, aminah, client):
    client.force_login(aminah)


def url(payment):
    return reverse("payments:payment", args=[payment.reference])


def read(client, payment):
    answer = client.get(url(payment))
    assert answer.status_code == 200
    text = answer.content.decode()
    assert text.count("<h1") == 1
    assert payment.reference in text
    return text


def test_the_path_is_malay(payment):
    assert url(payment) == f"/bayaran/{payment.reference}/"


def test_succeeded(client, contribution):
    payment = make_payment(contribution, "succeeded")
    receipt = Receipt.objects.get()
    text = read(client, payment)
    assert "Bayaran berjaya" in text
    assert receipt.number in text
    assert "Muat turun resit" not in text
    assert "sedang disediakan" in text
    assert reverse("receipts:receipt", args=[receipt.public_id]) in text
    assert "22\xa0Dis\xa02026, 10:01\xa0pagi" in text
    assert "Masa transaksi FPX" in text
    assert wording.moment(payment.fpx_transaction_at, "ms") in text


@pytest.mark.parametrize(
    ("status", "queued_at", "words"),
    [
        ("submitted", AT, "Pegawai kami menyemak dokumen anda"),
        ("returned", AT, "Hantar semula pendaftaran anda"),
        ("draft", AT, "Hantar semula pendaftaran anda"),
        ("approved", None, ""),
    ],
)
def test_succeeded_says_whose_turn_it_is(client, contribution, status, queued_at, words):
    payment = make_payment(contribution, "succeeded")
    Registration.objects.update(status=status, queued_at=queued_at, reason="blurred")
    text = read(client, payment)
    for sentence in ("Pegawai kami menyemak dokumen anda", "Hantar semula pendaftaran anda"):
        assert (sentence in text) == (sentence == words)


def test_succeeded_and_drawn(client, contribution, at):
    payment = make_payment(contribution, "succeeded")
    Receipt.objects.update(drawn_at=at, sha256="0" * 64, file="x.pdf")
    receipt = Receipt.objects.get()
    text = read(client, payment)
    assert (
        f'href="{reverse("receipts:download", args=[receipt.public_id])}">Muat turun resit<' in text
    )
    assert "sedang disediakan" not in text


@pytest.mark.parametrize(
    ("status", "title"),
    [("started", "Anda belum selesai di"), ("pending", "Bayaran sedang disahkan")],
)
def test_undecided(client, contribution, status, title, at):
    payment = make_payment(contribution, status)
    attempts.hand_out(payment=payment, at=at)
    text = read(client, payment)
    assert title in text
    assert "Jangan bayar sekali lagi" in text
    assert ">Semak status</button>" in text
    assert "Teruskan ke bank" not in text
    assert "Pilih bank semula" not in text


def test_whose_browser_never_got_the_order_is_led_to_the_bank(client, payment):
    """The line dropped between the button and the page behind it."""
    assert reverse("payments:send_to_bank", args=[payment.reference]) in read(client, payment)


def test_unseen_by_fpx_he_may_go_on_to_the_bank(client, payment, at):
    attempts.hand_out(payment=payment, at=at)
    tell(payment, "76", channel="enquiry")
    assert reverse("payments:send_to_bank", args=[payment.reference]) in read(client, payment)


def test_one_that_gave_way_offers_another_with_a_warning(client, payment, contribution, at):
    tell(payment, "09", channel="enquiry", at=at + timedelta(minutes=20))
    text = read(client, payment)
    assert "didebit dua kali" in text
    assert reverse("payments:choose_bank", args=[contribution.public_id]) in text


def test_one_that_waits_for_a_second_person_says_so(client, payment):
    tell(payment, "99")
    assert "perlu meluluskan bayaran ini" in read(client, payment)


@pytest.mark.parametrize(
    ("code", "words"),
    [
        ("51", "Baki akaun anda tidak mencukupi."),
        ("OA", "Masa di laman bank telah tamat."),
        ("48", "di luar had transaksi"),
        ("90", "tidak tersedia sekarang"),
        ("XE", "Ada masalah antara laman ini dengan FPX."),
        ("57", "Akaun anda tidak dapat digunakan"),
    ],
)
def test_failed_says_why_and_offers_another(client, payment, contribution, code, words):
    tell(payment, code)
    text = read(client, payment)
    assert "Bayaran tidak berjaya" in text
    assert words in text
    assert "bank akan memulangkannya" in text
    assert payment.contribution.payments.get().fpx_transaction_id in text
    assert ">Cuba lagi</a>" in text
    assert reverse("payments:choose_bank", args=[contribution.public_id]) in text


def test_an_unsure_no_asks_to_check_first(client, payment):
    tell(payment, "1A")
    text = read(client, payment)
    assert "Masa di laman bank telah tamat." in text
    assert ">Semak status</button>" in text
    assert "Cuba lagi" not in text


@pytest.mark.parametrize("code", ["1C", "BC", "80"])
def test_cancelled(client, payment, code):
    tell(payment, code)
    text = read(client, payment)
    assert "Bayaran dibatalkan" in text
    assert ">Pilih bank semula</a>" in text


def test_given_up_and_then_with_a_bank_after_all(client, contribution, at, now):
    """FPX had not seen it: now it has, and whoever pays again may pay twice."""
    payment = make_payment(contribution, "expired")
    tell(payment, "09", at=at + timedelta(minutes=25))
    payment.refresh_from_db()
    assert payment.next_enquiry_at == at + timedelta(minutes=25)
    now.move_to(at + timedelta(minutes=26))
    tell(payment, "09", channel="enquiry", at=at + timedelta(minutes=26))
    text = read(client, payment)
    assert "Jangan bayar sekali lagi" in text
    assert "FPX tidak menerima" not in text
    bank = client.get(reverse("payments:choose_bank", args=[contribution.public_id])).text
    assert "dua kali" in bank


def test_expired(client, contribution):
    text = read(client, make_payment(contribution, "expired"))
    assert "Masa bayaran telah tamat" in text
    assert "FPX tidak menerima bayaran ini" in text
    assert ">Cuba lagi</a>" in text
    assert ">Semak status</button>" in text


@pytest.mark.parametrize("code", ["99", "09"])
def test_waited_for_no_more(client, payment, at, now, code):
    """FPX has seen it, and nobody has decided for three days."""
    tell(payment, code)
    tell(payment, code, channel="enquiry", at=at + timedelta(hours=72))
    enquiries.open_overdue_cases(at=at + timedelta(hours=72))
    case, officer = PaymentCase.objects.get(), make_officer()
    undecided.stop_waiting(case=case, reason="Lama", by=officer, at=at + timedelta(hours=73))
    now.move_to(at + timedelta(hours=74))
    text = read(client, payment)
    assert "kami tidak menunggunya lagi" in text
    assert "FPX tidak menerima" not in text
    assert "Jangan bayar sekali lagi" not in text
    assert ">Cuba lagi</a>" in text


def test_pending_though_another_paid(client, contribution, payment, at, now):
    """Who is still waiting for the first bank is not led to pay a third time."""
    tell(payment, "09", channel="enquiry", at=at + timedelta(minutes=21))
    make_payment(contribution, "succeeded", at=at + timedelta(minutes=30))
    now.move_to(at + timedelta(hours=1))
    text = read(client, payment)
    assert "Jika bank meluluskan bayaran ini juga" in text
    assert "membayar melalui bank lain" not in text
    assert "resit dihantar" not in text


def test_failed_though_another_paid(client, contribution, at):
    failed = make_payment(contribution, "failed")
    make_payment(contribution, "succeeded", at=at + timedelta(hours=1))
    text = read(client, failed)
    assert "telah dibayar melalui bayaran lain" in text
    assert "Cuba lagi" not in text


def test_money_that_went_back_is_seen_though_fpx_said_no(client, contribution, at):
    failed = make_payment(contribution, "failed")
    case = open_case(kind=PaymentCase.Kind.ANOMALY, payment=failed, at=at)
    assert "bank akan memulangkannya" in read(client, failed)
    make_refund(case, "done")
    text = read(client, failed)
    assert "Bank telah memulangkan wang" in text
    assert "bank akan memulangkannya" not in text


def test_paid_twice(client, contribution, at):
    failed = make_payment(contribution, "failed")
    make_payment(contribution, "succeeded", at=at + timedelta(hours=1))
    tell(failed, "00")
    text = read(client, failed)
    assert "Anda telah membayar dua kali" in text
    assert Receipt.objects.get().number in text


def test_a_stranger_finds_nothing(client, payment):
    client.force_login(make_user("Chandran"))
    assert client.get(url(payment)).status_code == 404
    enquire = reverse("payments:enquire", args=[payment.reference])
    assert client.post(enquire).status_code == 404


def test_no_such_payment(client):
    assert client.get("/bayaran/261122ZZZZZZZZZZ/").status_code == 404
    assert client.get("/bayaran/fpx/").status_code == 404


@pytest.mark.parametrize("status", Payment.Status)
def test_it_takes_few_queries(client, contribution, status, django_assert_max_num_queries):
    payment = make_payment(contribution, status)
    read(client, payment)
    with django_assert_max_num_queries(6):
        read(client, payment)


# --- Semak status --------------------------------------------------------------------------
@pytest.fixture
def fpx():
    with responses.RequestsMock(assert_all_requests_are_fired=False) as mock:
        yield mock


def check(client, payment):
    return client.post(reverse("payments:enquire", args=[payment.reference]), follow=True)


def test_checking_asks_fpx(client, payment, fpx):
    fpx.post(AE, body=fakes.answer(payment))
    answer = check(client, payment)
    assert answer.redirect_chain == [(url(payment), 302)]
    assert "Bayaran berjaya" in answer.content.decode()


@pytest.mark.parametrize(
    ("failure", "words"),
    [
        ({"body": b"ERROR"}, "belum berubah"),
        ({"status": 503}, "FPX tidak menjawab"),
    ],
)
def test_without_an_answer_it_says_so(client, payment, fpx, failure, words):
    fpx.post(AE, **failure)
    text = check(client, payment).content.decode()
    assert words in text
    assert "Anda belum selesai di" in text


def test_checking_again_within_a_minute_says_when(client, payment, fpx):
    fpx.post(AE, body=b"ERROR")
    check(client, payment)
    assert "Cuba lagi selepas 1 minit" in check(client, payment).content.decode()
    assert len(fpx.calls) == 1


def test_looking_at_the_checking_page_asks_nothing(client, payment, fpx):
    answer = client.get(reverse("payments:enquire", args=[payment.reference]))
    assert answer["Location"] == url(payment)
    assert len(fpx.calls) == 0


def test_a_success_is_not_asked_about(client, contribution, fpx):
    payment = make_payment(contribution, "succeeded")
    assert "Bayaran berjaya" in check(client, payment).content.decode()
    assert Payment.objects.get().last_enquired_at is None


def test_an_unsure_no_that_is_confirmed_offers_another(client, payment, fpx):
    tell(payment, "1A")
    fpx.post(AE, body=fakes.answer(payment, "1A"))
    text = check(client, payment).content.decode()
    assert "belum berubah" not in text
    assert ">Cuba lagi</a>" in text


# --- how long it takes ----------------------------------------------------------------------
def state(client, payment):
    return client.get(reverse("payments:state", args=[payment.reference])).text


def test_back_from_the_bank_he_reads_from_when_he_may_choose_another(client, payment, now, at):
    text = read(client, payment)
    assert "mulai 22\xa0Nov\xa02026, 10:20\xa0pagi" in text
    now.move_to(at + timedelta(minutes=20))
    assert "Semak status untuk memilih bank lain" in read(client, payment)
    assert "mulai 22" not in read(client, payment)


@pytest.mark.parametrize("status", Payment.Status)
def test_a_page_that_waits_says_since_when_and_follows(client, contribution, status):
    payment = make_payment(contribution, status)
    text = read(client, payment)
    waits = status in {"started", "pending", "succeeded"}
    assert ("Menunggu sejak 22" in text) == waits
    assert ("Kali terakhir dilihat: 22\xa0Nov\xa02026, 10:02\xa0pagi" in text) == waits
    assert (f'data-state="{state(client, payment)}"' in text) == waits


def test_its_state_is_another_once_the_page_looks_different(client, payment, at):
    seen = {state(client, payment)}
    tell(payment, "09")
    seen.add(state(client, payment))
    tell(payment, "00", at=at + timedelta(minutes=1))
    seen.add(state(client, payment))
    Receipt.objects.update(drawn_at=at, sha256="0" * 64, file="x.pdf")
    seen.add(state(client, payment))
    assert len(seen) == 4


def test_a_stranger_learns_no_state(client, payment):
    client.force_login(make_user("Chandran"))
    assert client.get(reverse("payments:state", args=[payment.reference])).status_code == 404


def test_asking_for_the_state_takes_few_queries(client, payment, django_assert_max_num_queries):
    state(client, payment)
    with django_assert_max_num_queries(4):
        state(client, payment)


def test_every_attempt_leaves_its_trace(client, contribution):
    payments = [make_payment(contribution, status) for status in ("failed", "expired", "succeeded")]
    page = client.get(reverse("payments:attempts_made")).text
    for payment, word in zip(payments, ("Tidak berjaya", "Tamat masa", "Berjaya"), strict=True):
        assert reverse("payments:payment", args=[payment.reference]) in page
        assert word in page


def test_nobody_elses_attempts_are_listed(client, payment):
    client.force_login(make_user("Chandran"))
    page = client.get(reverse("payments:attempts_made")).text
    assert payment.reference not in page
    assert "Belum ada cubaan bayaran." in page
