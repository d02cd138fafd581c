"""Cases about accounts at the desk: the list, and the one decision."""

from uuid import uuid4

import pytest

from accounts.models import AccountCase
from accounts.services.cases import Report, report_case
from foundation.audit import AuditEvent
from tests.factories import make_officer, make_receipt, make_registration, make_user
from tests.reading import in_one_line
from tests.staff.desk import freshly_seated

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("clock")]
HERS = "850101145523"
DECISION = {
    "decision": "cooling_off",
    "phone": "019-876 5432",
    "email": "aminah.baharu@contoh.com",
    "note": "MyKad asal di kaunter",
}


@pytest.fixture
def aminah():
    return make_user(ic_number=HERS)


def reported(at, kind="lost_contact"):
    report = Report(HERS, "Aminah binti Ali", "+60198765432", "aminah.baharu@contoh.com")
    return report_case(attempt=uuid4(), kind=kind, report=report, network="", at=at)


def page_of(case):
    return f"/staf/accounts/accountcase/{case.pk}/putuskan/"


def test_the_list_masks_and_leads_to_the_decision(client, at):
    case = reported(at)
    freshly_seated(client)
    page = client.get("/staf/accounts/accountcase/").text
    assert case.reference in page
    assert f'href="{page_of(case)}"' in page
    assert HERS not in page


def test_the_front_page_counts_open_cases(client, at):
    reported(at)
    freshly_seated(client)
    page = client.get("/staf/").text
    assert "<strong>1</strong> Kes akaun terbuka" in in_one_line(page)


def test_the_ic_number_stands_whole_and_its_reading_is_an_event(client, at, aminah):
    case = reported(at)
    officer = freshly_seated(client)
    assert HERS in client.get(page_of(case)).text
    event = AuditEvent.objects.get(action="ic_number_read")
    assert (event.by, event.subject_id) == (officer, str(case.pk))


def test_lost_contact_is_promised_in_a_day(client, at, aminah):
    case = reported(at)
    officer = freshly_seated(client)
    response = client.post(page_of(case), DECISION)
    assert response.url == "/staf/accounts/accountcase/"
    case.refresh_from_db()
    assert (case.status, case.decided_by) == ("cooling_off", officer)
    assert case.contact_change.phone == "+60198765432"


def test_a_taken_number_is_freed_by_two_officers(client, at, aminah):
    make_receipt(make_registration(aminah, "submitted"))
    case = reported(at, "ic_number_taken")
    freshly_seated(client)
    page = client.get(page_of(case)).text
    assert "Caruman yang telah dibayar kekal direkodkan" in page
    assert ">Nombor telefon bimbit</label>" not in page
    client.post(page_of(case), {"decision": "proposed", "note": "MyKad asal"})
    closing = {"decision": "done", "note": "Setuju"}
    refused = client.post(page_of(case), closing).text
    assert "Pegawai lain mesti memutuskan apa yang anda minta." in refused
    assert "<strong>1</strong> Kes akaun terbuka" in in_one_line(client.get("/staf/").text)
    aminah.refresh_from_db()
    assert aminah.closed_at is None
    selvam = freshly_seated(client, make_officer("Encik Selvam"))
    assert "MyKad asal" in client.get(page_of(case)).text
    client.post(page_of(case), closing)
    aminah.refresh_from_db()
    case.refresh_from_db()
    assert (aminah.closed_at, case.confirmed_by) == (at, selvam)


def test_a_case_is_refused(client, at, aminah):
    case = reported(at)
    freshly_seated(client)
    client.post(page_of(case), DECISION | {"decision": "refused", "note": "Bukan orangnya"})
    case.refresh_from_db()
    assert case.status == "refused"
    assert "Bukan orangnya" in client.get(page_of(case)).text


@pytest.mark.parametrize(
    ("changes", "field", "sentence"),
    [
        ({"decision": ""}, "decision", "Pilih keputusan"),
        ({"decision": "done"}, "decision", "Pilih keputusan"),
        ({"note": ""}, "note", "Tulis dokumen yang dilihat, atau sebab"),
        ({"phone": "123"}, "phone", None),
    ],
)
def test_each_mistake_is_told(client, at, aminah, changes, field, sentence):
    case = reported(at)
    freshly_seated(client)
    form = client.post(page_of(case), DECISION | changes).context["form"]
    assert form.errors[field][0] == sentence or sentence is None
    case.refresh_from_db()
    assert case.status == "opened"


def test_without_an_account_the_officer_is_told(client, at):
    case = reported(at)
    freshly_seated(client)
    page = client.post(page_of(case), DECISION).text
    assert "Tiada akaun yang dibuka dengan nombor kad pengenalan ini." in page


def test_a_decided_case_is_not_decided_again(client, at, aminah):
    case = reported(at)
    freshly_seated(client)
    client.post(page_of(case), DECISION)
    response = client.post(page_of(case), DECISION | {"decision": "refused"})
    assert response.url == page_of(case)
    assert AccountCase.objects.get().status == "cooling_off"


@pytest.mark.parametrize(
    ("group", "status"),
    [("support", 200), ("reviewer", 403), ("finance", 403), ("auditor", 403)],
)
def test_support_settles_them(client, at, aminah, group, status):
    case = reported(at)
    freshly_seated(client, make_officer(group=group))
    assert client.get(page_of(case)).status_code == status


def test_a_driver_does_not_reach_it(client, at, aminah):
    case = reported(at)
    client.force_login(aminah)
    assert client.get(page_of(case)).status_code == 302
