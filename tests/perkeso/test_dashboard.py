"""The dashboard: is he covered, what is his next step, what did he pay."""

import gzip
from datetime import timedelta

import pytest
from django.conf import settings as portal
from django.urls import reverse

from contributions.services import contributing, cover
from payments.models import Payment
from registration.services import decisions
from tests.factories import (
    decide,
    make_contribution,
    make_cover,
    make_officer,
    make_payment,
    make_receipt,
    make_registration,
    make_user,
    tell,
)
from tests.statements import asked, budget

URL = reverse("dashboard")
STATIC = portal.BASE_DIR / "static"
CHECK = reverse("contributions:check_answers")
OVERVIEW = reverse("registration:overview")
DAY = timedelta(days=1)
pytestmark = pytest.mark.usefixtures("clock")


@pytest.fixture
def aminah(db):
    return make_user("Aminah binti Ali")


@pytest.fixture
def signed_in(client, aminah):
    """Aminah's browser, with the first page behind it: that one writes the session."""
    client.force_login(aminah)
    client.get("/mod/")
    return client


def seen(client):
    """What the page says, on one line."""
    answer = client.get(URL)
    assert answer.status_code == 200
    assert answer.text.count("<h1") == 1
    return " ".join(answer.text.replace("\N{NO-BREAK SPACE}", " ").split())


def link(label, page):
    return f'href="{page}">{label}</a>'


def renew_link(registration):
    url = f"{reverse('payments:renew')}?pendaftaran={registration.public_id}"
    return link("Memperbaharui", url)


def bank_url(contribution):
    return reverse("payments:choose_bank", args=[contribution.public_id])


# --- is he covered -------------------------------------------------------------------------
def test_a_newcomer_is_not_covered_and_may_register(signed_in):
    page = seen(signed_in)
    assert "Selamat datang, Aminah" in page
    assert "Tidak. Anda belum berdaftar." in page
    assert link("Daftar", OVERVIEW) in page
    assert "Memperbaharui" not in page


def test_the_first_word_is_whether_he_is_covered(signed_in):
    page = seen(signed_in)
    assert page.index("Adakah saya dilindungi?") < page.index("Pendaftaran dan caruman")


def test_whoever_has_paid_is_covered(signed_in, aminah):
    registration = make_registration(aminah, "submitted")
    make_cover(registration)
    page = seen(signed_in)
    assert "Ya, hingga 22 Dis 2026, 10:00 pagi" in page
    assert "30 hari lagi." in page
    assert renew_link(registration) in page
    assert ">Daftar<" not in page


def test_cover_that_ends_soon_says_so(signed_in, aminah, clock, at):
    make_cover(make_registration(aminah, "submitted"), issued_at=at - 27 * DAY)
    page = seen(signed_in)
    assert "Akan tamat" in page
    assert "4 hari lagi. Perbaharui sekarang" in page


def test_the_last_day_is_no_day_left(signed_in, aminah, clock, at):
    make_cover(make_registration(aminah, "submitted"), issued_at=at)
    clock.move_to(at + 30 * DAY - timedelta(minutes=1))
    signed_in.force_login(aminah)
    assert "Tamat hari ini." in seen(signed_in)


def test_c17_after_a_lapse_he_is_told_plainly(signed_in, aminah, at):
    registration = make_registration(aminah, "submitted")
    make_cover(registration, issued_at=at - 60 * DAY)
    page = seen(signed_in)
    assert "Tidak. Perlindungan tamat pada 23 Okt 2026, 10:00 pagi" in page
    assert renew_link(registration) in page


def test_c16_the_end_itself_is_not_covered(signed_in, aminah, clock, at):
    period = make_cover(make_registration(aminah, "submitted"))
    clock.move_to(period.coverage_ends_at)
    signed_in.force_login(aminah)
    assert "Tidak. Perlindungan tamat pada" in seen(signed_in)
    clock.move_to(period.coverage_ends_at - timedelta(seconds=1))
    assert "Ya, hingga" in seen(signed_in)


def test_c11_a_queued_period_is_counted_and_named(signed_in, aminah, at):
    registration = make_registration(aminah, "submitted")
    make_cover(registration, issued_at=at - DAY)
    make_cover(registration, issued_at=at)
    page = seen(signed_in)
    assert "Ya, hingga 21 Jan 2027, 10:00 pagi" in page
    assert "Tempoh berikutnya sudah dibayar dan bermula pada 21 Dis 2026, 10:00 pagi." in page
    assert "Anda boleh memperbaharui mulai 21 Dis 2026, 10:00 pagi." in page
    assert "Memperbaharui" not in page


def test_what_is_owed_waits_while_a_period_is_queued(signed_in, aminah, at):
    """Money for a replaced choice came late: what is owed now would be a third period."""
    registration = make_registration(aminah)
    make_cover(registration, issued_at=at - DAY)
    late = make_contribution(registration, plan=1, at=at)
    make_contribution(registration, plan=2, at=at)
    late.refresh_from_db()
    cover.start_coverage(contribution=late, issued_at=at)
    page = seen(signed_in)
    assert "Anda boleh memperbaharui mulai 21 Dis 2026, 10:00 pagi." in page
    assert "Teruskan bayaran" not in page


def test_a_yes_stands_above_the_no_of_a_draft(signed_in, aminah, at):
    make_cover(make_registration(aminah, "submitted", sector="taxi"))
    make_registration(aminah, sector="bus", at=at + DAY)  # worked on last
    page = seen(signed_in)
    assert page.index("Ya, hingga") < page.index("Tidak. Anda belum dilindungi")


def test_a_second_sector_is_begun_in_one_press(signed_in, aminah, at):
    another = link("Daftar perkhidmatan lain", f"{reverse('registration:service')}?lain=1")
    registration = make_registration(aminah, "submitted", sector="taxi")
    assert another in seen(signed_in)
    form = signed_in.get(reverse("registration:service"), {"lain": "1"}).context["form"]
    assert (form["sector"].value(), form["region"].value()) == (None, registration.region)
    make_registration(aminah, sector="bus")
    assert another not in seen(signed_in)  # it would only change the draft's sector


def test_each_sector_has_its_own_cover(signed_in, aminah):
    make_cover(make_registration(aminah, "submitted", sector="bus"), months=12)
    make_cover(make_registration(aminah, "submitted", sector="taxi"))
    page = seen(signed_in)
    assert "Ya, hingga 22 Nov 2027, 10:00 pagi" in page
    assert "Ya, hingga 22 Dis 2026, 10:00 pagi" in page
    assert page.count(">Memperbaharui</a>") == 2


# --- what comes next -----------------------------------------------------------------------
def test_a_draft_shows_what_is_left(signed_in, aminah):
    make_registration(aminah, kinds=["lesen"])
    page = seen(signed_in)
    assert link("Daftar", OVERVIEW) in page
    assert page.count(">Selesai<") == 3
    assert page.count(">Belum mula<") == 3  # the second document, the plan, the payment
    assert "Anda belum dilindungi" in page


def test_a_referred_driver_waits(signed_in, aminah):
    make_registration(aminah, "referred")
    page = seen(signed_in)
    assert "Pegawai sedang melihat dokumen anda" in page
    assert "Hantar & bayar" not in page


def test_an_allowed_driver_may_pay(signed_in, aminah, at):
    registration = make_registration(aminah, "referred")
    decisions.allow_registration(registration=registration, by=make_officer(), at=at)
    page = seen(signed_in)
    assert "Bayaran dibenarkan" in page
    assert link("Hantar & bayar", CHECK) in page


def test_an_unpaid_submission_may_be_paid(signed_in, aminah):
    make_registration(aminah, "submitted")
    page = seen(signed_in)
    assert "Belum dibayar" in page
    assert link("Hantar & bayar", CHECK) in page


def test_what_is_owed_may_be_paid(signed_in, aminah):
    owed = make_contribution(make_registration(aminah))
    page = seen(signed_in)
    assert "Pelan 1, 1 bulan: RM13.10" in page
    assert link("Teruskan bayaran", bank_url(owed)) in page
    assert link("Semak atau ubah", CHECK) in page


def test_what_is_held_may_not_be_changed(signed_in, aminah, at):
    owed = make_contribution(make_registration(aminah))
    contributing.hold_contribution(contribution=owed, at=at)
    page = seen(signed_in)
    assert link("Lihat bayaran", bank_url(owed)) in page
    assert "Semak atau ubah" not in page
    assert "Teruskan bayaran" not in page


def test_a_renewal_that_was_begun_may_be_paid(signed_in, aminah, at):
    registration = make_registration(aminah)
    make_cover(registration, issued_at=at - 20 * DAY)
    owed = make_contribution(registration)
    page = seen(signed_in)
    assert link("Teruskan bayaran", bank_url(owed)) in page
    assert "Memperbaharui" not in page


def test_a_returned_driver_reads_why(signed_in, aminah, at):
    registration = make_registration(aminah, "submitted")
    make_cover(registration)
    registration.refresh_from_db()
    decide(registration, "returned", make_officer())
    page = seen(signed_in)
    assert "Gambar kabur atau tidak dapat dibaca" in page
    assert link("Betulkan dan hantar semula", OVERVIEW) in page
    assert "Ya, hingga 22 Dis 2026" in page
    assert "Memperbaharui" not in page


def test_a_rejected_driver_reads_why_and_may_begin_again(signed_in, aminah):
    make_registration(aminah, "rejected")
    page = seen(signed_in)
    assert "Dokumen yang salah dimuat naik" in page
    assert link("Daftar", reverse("registration:service")) in page


@pytest.mark.parametrize(
    ("status", "words"),
    [
        ("approved", "Diluluskan"),
        ("returned", "Perlu tindakan anda"),
        ("rejected", "Ditolak"),
        ("referred", "Dirujuk kepada pegawai"),
    ],
)
def test_every_decision_is_told_at_a_glance(signed_in, aminah, status, words):
    make_registration(aminah, status)
    assert f">{words}</" in seen(signed_in)


def test_a_new_registration_takes_the_place_of_a_rejected_one(signed_in, aminah):
    make_registration(aminah, "rejected")
    make_registration(aminah, kinds=[])
    assert "Dokumen yang salah dimuat naik" not in seen(signed_in)


def test_the_pages_work_on_the_registration_chosen_last(signed_in, aminah, at):
    bus = make_registration(aminah, "submitted", sector="bus")
    make_registration(aminah, "submitted", sector="taxi", at=at + timedelta(minutes=1))
    page = seen(signed_in)
    assert page.count("Hantar & bayar") == 1
    assert reverse("registration:choose", args=[bus.public_id]) in page
    assert "Teruskan dengan Bas" in page


# --- payments ------------------------------------------------------------------------------
@pytest.mark.parametrize("status", ["started", "pending"])
def test_an_undecided_payment_comes_first(signed_in, aminah, status):
    payment = make_payment(make_contribution(make_registration(aminah)), status)
    page = seen(signed_in)
    url = reverse("payments:payment", args=[payment.reference])
    assert "Bayaran sedang disahkan" in page
    assert link("Lihat status bayaran", url) in page
    assert page.index(url) < page.index("Adakah saya dilindungi?")
    assert "notice--warning" not in page.split("<template")[0]  # nothing says that it is unpaid


@pytest.mark.parametrize(
    "status", [one for one in Payment.Status if one not in {"started", "pending"}]
)
def test_a_decided_payment_is_no_news(signed_in, aminah, status):
    make_payment(make_contribution(make_registration(aminah)), status)
    assert "Bayaran sedang disahkan" not in seen(signed_in)


def test_a_double_payment_is_told(signed_in, aminah, at):
    contribution = make_contribution(make_registration(aminah))
    make_payment(contribution, "failed", at=at - 2 * DAY)
    make_payment(contribution, "succeeded", at=at - DAY)
    first = contribution.payments.get(status="failed")
    tell(first, "00", at=at)
    page = seen(signed_in)
    assert "Anda telah membayar dua kali" in page
    assert first.reference in page


# --- receipts ------------------------------------------------------------------------------
def test_the_last_three_receipts_are_at_hand(signed_in, aminah, at):
    registration = make_registration(aminah, "submitted")
    issued = [make_receipt(registration, issued_at=at - 40 * back * DAY) for back in (4, 3, 2, 1)]
    page = seen(signed_in)
    assert issued[0].number not in page
    for receipt in issued[1:]:
        assert link(receipt.number, reverse("receipts:receipt", args=[receipt.public_id])) in page


def test_nobody_sees_another_persons_affairs(client, aminah):
    receipt = make_receipt(make_registration(aminah, "submitted"))
    client.force_login(make_user("Chandran a/l Raju"))
    page = seen(client)
    assert receipt.number not in page
    assert "Anda belum berdaftar" in page


def test_dashboard_is_closed(client, db):
    assert reverse("accounts:log_in") in client.get(URL)["Location"]


def test_dashboard_takes_no_post(signed_in):
    assert signed_in.post(URL).status_code == 405


# --- what it costs -------------------------------------------------------------------------
def covered(aminah, at, *, periods):
    registration = make_registration(aminah, "submitted")
    for month in range(periods):
        make_receipt(registration, issued_at=at + 32 * (month - periods) * DAY)
    return registration


def with_draft(aminah, at):
    covered(aminah, at, periods=3)
    make_registration(aminah, sector="bus", kinds=["lesen"], at=at)


def with_everything(aminah, at):
    """Two sectors, one owed and undecided, one returned."""
    registration = covered(aminah, at, periods=2)
    bus = make_registration(aminah, "submitted", sector="bus")
    make_payment(make_contribution(bus), "pending", at=at - timedelta(minutes=5))
    registration.refresh_from_db()
    decide(registration, "returned", make_officer(), at)


STATES = {
    "newcomer": lambda aminah, at: None,
    "draft": lambda aminah, at: make_registration(aminah, kinds=["lesen"]),
    "1 period": lambda aminah, at: covered(aminah, at, periods=1),
    "50 periods": lambda aminah, at: covered(aminah, at, periods=50),
    "a second draft": with_draft,
    "everything": with_everything,
}


@pytest.mark.parametrize("state", STATES)
def test_dashboard_asks_little(signed_in, aminah, at, state, django_assert_max_num_queries):
    STATES[state](aminah, at)
    with django_assert_max_num_queries(1 + 6):  # the session's, and the page's
        page = signed_in.get(URL)
    assert len(page.content) < 20_000


ASKED = [
    ("SELECT accounts_session", "whose browser is it?"),
    ("SELECT accounts_user", "who are they, and may they still log in?"),
    ("SELECT registration_registration", "what they registered; whether anything is owed or paid"),
    ("SELECT contributions_coverageperiod", "when they are covered, in each sector"),
    ("SELECT receipts_receipt", "their last three receipts"),
]


def test_each_statement_has_its_reason(signed_in, aminah, at):
    covered(aminah, at, periods=2)
    assert asked(lambda: signed_in.get(URL)) == budget(ASKED)


def test_whether_he_is_covered_costs_20_kilobytes_on_a_first_visit(signed_in, aminah, at):
    """Compressed as it is sent; text stands before its fonts have come."""
    with_everything(aminah, at)
    sent = [signed_in.get(URL).content]
    sent += [(STATIC / name).read_bytes() for name in ("css/portal.css", "js/portal.js")]
    assert sum(len(gzip.compress(one)) for one in sent) < 20_000
