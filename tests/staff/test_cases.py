"""The finance desk: a case with everything on one page, closed, refunded by two officers."""

import re
from datetime import timedelta

import pytest
from django.contrib.auth.models import Permission
from django.db import connection
from django.test.utils import CaptureQueriesContext
from django.utils import timezone

from accounts.http.session import Facts
from payments.models import PaymentCase, Refund
from payments.services import cases, enquiries, messages, refunds
from payments.services.cases import open_case
from receipts.models import Receipt
from tests.factories import (
    make_contribution,
    make_double_payment,
    make_officer,
    make_payment,
    make_refund,
    make_registration,
    make_user,
    tell,
)
from tests.reading import in_one_line
from tests.staff.desk import seated

pytestmark = pytest.mark.django_db


@pytest.fixture
def contribution():
    return make_contribution(make_registration(make_user("Aminah binti Ali")))


@pytest.fixture
def case(contribution, at):
    """A message that did not agree."""
    return open_case(kind=PaymentCase.Kind.ANOMALY, payment=make_payment(contribution), at=at)


def page_of(case):
    return f"/staf/payments/paymentcase/{case.pk}/semak/"


def act_of(row, act):
    return f"/staf/payments/{row._meta.model_name}/{row.pk}/{act}/"


def refreshed(client):
    """Has just typed the digits of his authenticator."""
    session = client.session
    Facts(session).totp_at = timezone.now()
    session.save()


# --- the list and the page ---------------------------------------------------------------------
def test_open_cases_come_first_and_of_these_the_oldest(client, case, at):
    older = open_case(
        kind=PaymentCase.Kind.UNDECIDED, payment=case.payment, at=at - timedelta(days=3)
    )
    closed = open_case(
        kind=PaymentCase.Kind.ANOMALY, payment=None, at=at - timedelta(days=9), detail="lama"
    )
    officer = seated(client)
    cases.close_case(case=closed, reason="Jelas", by=officer, at=at)
    page = client.get("/staf/payments/paymentcase/")
    assert list(page.context["cl"].result_list) == [older, case, closed]
    assert f'href="{page_of(older)}"' in page.text
    assert "6\xa0hari" in page.text or "1\xa0minggu" in page.text


def test_the_page_tells_everything(client, contribution):
    case = make_double_payment(contribution)
    make_refund(case)
    receipt = Receipt.objects.get()
    seated(client)
    text = client.get(page_of(case)).text.replace("\xa0", " ")
    for words in [
        case.payment.reference,
        case.payment.fpx_transaction_id,
        receipt.number,
        receipt.payment_reference,
        "RM13.10",
        "Aminah binti Ali",
        "Panggilan terus",
        "Belum memilih",
        "Menunggu kelulusan",
        "22 Dis 2026",
    ]:
        assert words in text
    assert contribution.registration.user.ic_number not in text


def test_a_case_without_a_payment_of_ours_opens(client, payment_message):
    seated(client)
    page = client.get(page_of(payment_message))
    assert "Tiada bayaran kami yang sepadan" in page.text


@pytest.fixture
def payment_message(case):
    """Signed news of an order that we never made."""
    tell(case.payment, sellerExOrderNo="261122ZZZZZZZZZZ")
    return PaymentCase.objects.get(payment=None)


def test_its_queries_do_not_grow_with_what_happened(client, contribution, at):
    case = make_double_payment(contribution)
    make_refund(case, "refused")
    seated(client)
    client.get(page_of(case))
    with CaptureQueriesContext(connection) as few:
        client.get(page_of(case))
    for number in range(5):
        make_refund(PaymentCase.objects.get(pk=case.pk), "refused")
        tell(case.payment, at=at + timedelta(hours=2 + number))
    with CaptureQueriesContext(connection) as many:
        client.get(page_of(case))
    assert len(many) == len(few) <= 18


@pytest.fixture
def dearer(contribution, at):
    """FPX took RM15.00 where RM13.10 was asked for."""
    payment = make_payment(contribution)
    tell(payment, txnAmount="15.00")
    return PaymentCase.objects.get(kind="anomaly", payment=payment)


def rows_of(page):
    """Each field of the table with what was asked, what was said, and whether they agree."""
    rows = re.findall(r"<tr><th scope=.row.>(.*?)</tr>", in_one_line(page.text))
    cells = [re.sub(r"<[^>]+>", "|", row).split("|") for row in rows]
    return {row[0]: [cell.strip() for cell in row[1:] if cell.strip()] for row in cells}


def test_an_anomaly_shows_what_was_said_beside_what_was_asked(client, dearer):
    seated(client)
    message = f"/staf/payments/gatewaymessage/{dearer.message_id}/change/"
    page = client.get(page_of(dearer))
    assert message in page.text
    for shown in (page, client.get(message)):
        rows = rows_of(shown)
        assert rows["Amaun"] == ["13.10", "15.00", "Tidak"]
        assert rows["Mata wang"] == ["MYR", "MYR", "Ya"]
        assert rows["No. transaksi FPX"][0] == "–"
        assert len(rows["No. transaksi FPX"][1]) == 16
        assert "N@ME" not in shown.text  # the payer's name decides nothing


def test_a_message_that_is_none_says_so(client, case):
    stray = messages.record_message(channel="callback", raw=b"a=1", at=timezone.now())
    seated(client)
    page = client.get(f"/staf/payments/gatewaymessage/{stray.pk}/change/")
    assert "tidak dapat dibaca sebagai mesej FPX" in page.text


# --- closed with a reason ---------------------------------------------------------------------
def test_a_case_is_closed_with_a_reason(client, case):
    officer = seated(client)
    answer = client.post(act_of(case, "selesai"), {"close-reason": "Bank jelas"}, follow=True)
    assert "Kes diselesaikan" in answer.text
    case.refresh_from_db()
    assert (case.status, case.closed_by, case.reason) == ("closed", officer, "Bank jelas")


def test_without_a_reason_it_is_not(client, case):
    seated(client)
    page = client.post(act_of(case, "selesai"), {})
    assert 'role="alert"' in page.text
    assert page.context["form"].errors.as_data()["reason"][0].code == "required"
    assert PaymentCase.objects.get().status == "open"


def test_a_get_only_leads_back(client, case):
    refund = make_refund(case)
    seated(client)
    acts = [(case, "selesai"), (case, "berhenti-menunggu"), (case, "bayaran-balik")]
    for row, act in [*acts, (refund, "rekod")]:
        assert client.get(act_of(row, act)).headers["Location"] == page_of(case)


def test_a_double_payment_offers_no_easy_way_out(client, contribution):
    case = make_double_payment(contribution)
    seated(client)
    assert "Selesaikan kes" not in client.get(page_of(case)).text
    answer = client.post(act_of(case, "selesai"), {"close-reason": "x"}, follow=True)
    assert "mesti dipulangkan" in answer.text
    assert PaymentCase.objects.get(pk=case.pk).status == "open"


# --- waited for no more -------------------------------------------------------------------------
@pytest.fixture
def undecided(contribution, at):
    """A bank has not decided in three days."""
    payment = make_payment(contribution, "pending")
    enquiries.open_overdue_cases(at=at + timedelta(hours=72))
    return payment.cases.get()


def test_a_payment_that_no_bank_decides_is_given_up_with_a_reason(client, undecided):
    officer = seated(client)
    page = client.get(page_of(undecided)).text
    assert "Berhenti menunggu" in page
    assert "Selesaikan kes" not in page
    typed = {"stop-reason": "Bank tidak mendebit"}
    answer = client.post(act_of(undecided, "berhenti-menunggu"), typed, follow=True)
    assert "Pemandu boleh membayar semula" in answer.text
    undecided.refresh_from_db()
    assert (undecided.closed_by, undecided.reason) == (officer, "Bank tidak mendebit")


def test_giving_up_wants_a_reason(client, undecided):
    seated(client)
    page = client.post(act_of(undecided, "berhenti-menunggu"), {})
    assert page.context["form"].errors.as_data()["reason"][0].code == "required"
    assert PaymentCase.objects.get().status == "open"


def test_an_undecided_payment_is_not_explained_away(client, undecided):
    seated(client)
    answer = client.post(act_of(undecided, "selesai"), {"close-reason": "x"}, follow=True)
    assert "berhenti menunggu" in answer.text
    assert PaymentCase.objects.get().status == "open"


def test_once_decided_it_is_closed_as_others_are(client, undecided):
    tell(undecided.payment)
    seated(client)
    page = client.get(page_of(undecided)).text
    assert "Selesaikan kes" in page
    assert "Berhenti menunggu" not in page
    typed = {"stop-reason": "x"}
    answer = client.post(act_of(undecided, "berhenti-menunggu"), typed, follow=True)
    assert "telah diputuskan" in answer.text
    assert PaymentCase.objects.get().status == "open"


# --- refunds -----------------------------------------------------------------------------------
def ask(client, case, amount="13.10", reason="Dibayar dua kali"):
    typed = {"refund-amount": amount, "refund-reason": reason}
    return client.post(act_of(case, "bayaran-balik"), typed, follow=True)


def test_a_refund_is_asked_for(client, case):
    officer = seated(client)
    assert "Pegawai lain akan meluluskannya" in ask(client, case).text
    refund = Refund.objects.get()
    assert (refund.status, refund.requested_by) == ("requested", officer)


@pytest.mark.parametrize(
    ("amount", "code"),
    [
        ("", "required"),
        ("0", "min_value"),
        ("-1", "min_value"),
        ("1.005", "max_decimal_places"),
        ("1e9", "max_digits"),
        ("1,00", "invalid"),
        ("13.10; DROP", "invalid"),
    ],
)
def test_each_wrong_amount_is_told(client, case, amount, code):
    seated(client)
    page = ask(client, case, amount)
    codes = [error.code for error in page.context["form"].errors.as_data()["amount"]]
    assert codes == [code]
    assert not Refund.objects.exists()


def test_more_than_was_paid_is_refused(client, case):
    seated(client)
    assert "melebihi wang yang dibayar" in ask(client, case, "13.11").text
    assert not Refund.objects.exists()


def test_his_own_refund_is_not_his_to_approve(client, case):
    seated(client)
    page = ask(client, case)
    assert "Luluskan bayaran balik" not in page.text
    refreshed(client)
    refund = Refund.objects.get()
    answer = client.post(act_of(refund, "lulus"), follow=True)
    assert "Pegawai lain mesti meluluskan" in answer.text
    assert Refund.objects.get().status == "requested"


def test_approving_asks_for_fresh_digits(client, case):
    refund = make_refund(case)
    seated(client)
    answer = client.post(
        act_of(refund, "lulus"), headers={"referer": f"http://testserver{page_of(case)}"}
    )
    assert answer.headers["Location"].startswith("/staf/pengesahan/")
    assert Refund.objects.get().status == "requested"


def test_another_officer_approves(client, case):
    refund = make_refund(case)
    selvam = seated(client, make_officer("Encik Selvam"))
    refreshed(client)
    answer = client.post(act_of(refund, "lulus"), follow=True)
    assert "Bayaran balik diluluskan" in answer.text
    refund.refresh_from_db()
    assert (refund.status, refund.approved_by) == ("approved", selvam)


@pytest.mark.parametrize(
    ("before", "step"),
    [
        ("requested", "refused"),
        ("approved", "sent"),
        ("approved", "refused"),
        ("sent", "done"),
        ("sent", "failed"),
        ("failed", "sent"),
        ("failed", "refused"),
    ],
)
def test_what_the_bank_said_is_recorded(client, case, before, step):
    refund = make_refund(case, before)
    seated(client)
    typed = {"step-step": step, "step-note": "WV-2026-7"}
    assert "Langkah direkodkan" in client.post(act_of(refund, "rekod"), typed, follow=True).text
    refund.refresh_from_db()
    assert refund.status == step
    assert refund.status_changes.latest("pk").note == "WV-2026-7"


@pytest.mark.parametrize("step", ["sent", "done", "failed", "approved"])
def test_a_step_out_of_turn_is_no_choice(client, case, step):
    refund = make_refund(case)
    seated(client)
    page = client.post(act_of(refund, "rekod"), {"step-step": step, "step-note": "x"})
    assert page.context["form"].errors.as_data()["step"][0].code == "invalid_choice"
    assert Refund.objects.get().status == "requested"


def test_a_step_without_words_is_told(client, case):
    refund = make_refund(case, "sent")
    seated(client)
    page = client.post(act_of(refund, "rekod"), {"step-step": "done"})
    assert page.context["form"].errors.as_data()["note"][0].code == "required"


def test_who_comes_second_is_told(client, case, at, monkeypatch):
    refund = make_refund(case)
    seated(client)
    stale = Refund.objects.select_related("case", "payment").get()
    refunds.refuse_refund(refund=refund, reason="x", by=make_officer(), at=at)
    monkeypatch.setattr("staff.views.cases._refund", lambda pk: stale)
    typed = {"step-step": "refused", "step-note": "x"}
    answer = client.post(act_of(refund, "rekod"), typed, follow=True)
    assert "Pegawai lain telah bertindak" in answer.text


# --- who ---------------------------------------------------------------------------------------
@pytest.mark.parametrize(
    ("codename", "act"),
    [
        ("view_paymentcase", "semak"),
        ("change_paymentcase", "selesai"),
        ("change_paymentcase", "berhenti-menunggu"),
        ("add_refund", "bayaran-balik"),
        ("change_refund", "lulus"),
        ("change_refund", "rekod"),
    ],
)
def test_each_act_needs_its_permission(client, case, codename, act):
    refund = make_refund(case)
    officer = make_officer(is_superuser=False)
    seated(client, officer)
    url = act_of(refund if act in {"lulus", "rekod"} else case, act)
    ask_for = client.get if act == "semak" else client.post
    assert ask_for(url).status_code == 403
    officer.user_permissions.add(Permission.objects.get(codename=codename))
    assert ask_for(url).status_code in {200, 302}


def test_a_driver_is_sent_to_the_officers_log_in(client, case):
    client.force_login(case.payment.contribution.registration.user)
    assert client.get(page_of(case)).headers["Location"].startswith("/staf/login/")
