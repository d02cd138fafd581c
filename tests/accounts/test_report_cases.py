"""Reports from outside the log-in: the page, the reference, and that nobody learns anything."""

import re
from datetime import timedelta

import pytest

from accounts.forms.case import CaseDecisionForm
from accounts.models import AccountCase
from accounts.services.cases import refuse_case
from foundation.alarms import Alarm
from foundation.outbox import OutboxRow
from tests.accounts.pages import errors, lands, without_one_time_values
from tests.browser import Browser
from tests.factories import AT, make_officer, make_user

LOST = "/lupa-kata-laluan/tiada-akses/"
CLAIMED = "/log-masuk/nombor-digunakan/"
REPORTED = "/log-masuk/kes/"
TYPED = {
    "ic_number": "850101-14-5523",
    "full_name": "Aminah  binti Ali",
    "phone": "019-876 5432",
    "email": "aminah.baharu@contoh.com",
}
PAGES = [(LOST, "lost_contact"), (CLAIMED, "ic_number_taken")]


@pytest.mark.parametrize(("path", "kind"), PAGES)
def test_a_report_is_kept_and_gets_a_reference(client, db, at, path, kind):
    assert lands(client.post(path, TYPED), REPORTED)
    case = AccountCase.objects.get()
    assert (case.kind, case.status, case.reported_at) == (kind, "opened", at)
    assert (case.ic_number, case.full_name) == ("850101145523", "Aminah binti Ali")
    assert (case.phone, case.email, case.user) == ("+60198765432", TYPED["email"], None)
    assert re.fullmatch(r"[A-HJ-NP-Z2-9]{8}", case.reference)
    assert case.reference in client.get(REPORTED).text


def test_each_is_found_where_it_is_needed(client, db):
    assert f'href="{LOST}"' in client.get("/lupa-kata-laluan/").text
    assert f'href="{CLAIMED}"' in client.get("/log-masuk/").text


@pytest.mark.parametrize("path", [LOST, CLAIMED])
def test_it_tells_nobody_whether_there_is_an_account(db, path, django_assert_max_num_queries):
    def walk(ic_number):
        browser = Browser()
        with django_assert_max_num_queries(99) as captured:
            page = browser.post(path, TYPED | {"ic_number": ic_number}, follow=True)
        text = without_one_time_values(page).replace(AccountCase.objects.latest("pk").reference, "")
        return text, [
            re.findall(r'^\w+|"(?:accounts|perkeso)_\w+"', q["sql"])
            for q in captured.captured_queries
        ]

    make_user(ic_number="850101145523")
    walk("900315-10-5012")  # the network is new once
    assert walk("850101-14-5523") == walk("770305-02-1234")


def test_nobody_is_told_of_a_report(client, db):
    """A stranger must not be able to fill an owner's mailbox."""
    make_user(ic_number="850101145523")
    client.post(LOST, TYPED)
    assert not OutboxRow.objects.exists()


def test_the_same_form_sent_twice_is_one_case(client, db):
    attempt = str(client.get(LOST).context["form"]["attempt"].value())
    for _press in range(2):
        assert lands(client.post(LOST, TYPED | {"attempt": attempt}), REPORTED)
    assert AccountCase.objects.count() == 1


@pytest.fixture
def busy_network(settings):
    settings.LIMITS = settings.LIMITS | {"case_per_network": (0, timedelta(hours=1))}


def reported(path=LOST, **typed):
    """The reference that a new browser is told."""
    page = Browser().post(path, TYPED | typed, follow=True)
    assert page.redirect_chain == [(REPORTED, 302)], page.text
    return re.search(r'panel__reference">([A-HJ-NP-Z2-9]{8})<', page.text)[1]


def test_one_network_reports_only_so_much_about_nobody(client, db, settings):
    settings.LIMITS = settings.LIMITS | {"case_per_network": (1, timedelta(hours=1))}
    for path in (LOST, CLAIMED, LOST):
        reported(path)
    assert AccountCase.objects.count() == 1
    assert Alarm.objects.get().kind == "cases_reported"


def test_an_account_has_a_case_of_its_own_whatever_its_network_reported(busy_network, db):
    make_user(ic_number="850101145523")
    for path, kind in PAGES:
        told = {reported(path, full_name=name) for name in ("Orang Lain", "Aminah binti Ali")}
        case = AccountCase.objects.get(kind=kind)
        assert told == {case.reference}
        # Whose they are nobody knows: the officer asks the person who came.
        assert (case.phone, case.email) == ("", "")


def test_it_has_another_when_an_officer_decided_that_one(busy_network, db):
    make_user(ic_number="850101145523")
    first = reported()
    case = AccountCase.objects.get()
    refuse_case(case=case, note="Tiada yang datang", by=make_officer(), at=AT)
    assert reported() != first
    assert AccountCase.objects.count() == 2


def test_the_officer_types_what_that_case_does_not_hold(busy_network, db):
    make_user(ic_number="850101145523")
    reported()
    form = CaseDecisionForm(case=AccountCase.objects.get())
    assert (form["phone"].value(), form["email"].value()) == ("", "")


@pytest.mark.parametrize("path", [LOST, CLAIMED])
def test_nor_does_a_busy_network_tell_whether_there_is_an_account(
    busy_network, db, path, django_assert_max_num_queries
):
    def walk(ic_number):
        with django_assert_max_num_queries(99) as captured:
            reference = reported(path, ic_number=ic_number)
        assert reported(path, ic_number=ic_number) == reference
        return [re.findall(r'^\w+|"(?:accounts|perkeso)_\w+"', q["sql"]) for q in captured]

    make_user(ic_number="850101145523")
    walk("900315-10-5012")  # the network is new once
    hers, nobodys = walk("850101-14-5523"), walk("770305-02-1234")
    assert [q for q in hers if q[0] != "RELEASE"] == [q for q in nobodys if q[0] != "ROLLBACK"]


@pytest.mark.parametrize("path", [LOST, CLAIMED])
@pytest.mark.parametrize(
    ("field", "typed", "sentence"),
    [
        ("ic_number", "123", "Nombor kad pengenalan mesti 12 angka"),
        ("full_name", "", "Masukkan nama penuh anda"),
        ("phone", "", "Masukkan nombor telefon bimbit"),
        ("email", "", "Masukkan alamat e-mel"),
    ],
)
def test_each_mistake_has_its_sentence(client, db, path, field, typed, sentence):
    assert errors(client.post(path, TYPED | {field: typed}), field) == [sentence]


@pytest.mark.parametrize("path", [LOST, CLAIMED, REPORTED])
def test_its_queries_are_few(client, db, path, django_assert_max_num_queries):
    client.post(LOST, TYPED)
    with django_assert_max_num_queries(6):
        client.get(path)


def test_the_reference_is_only_for_who_reported(client, db):
    assert lands(client.get(REPORTED), "/log-masuk/")
