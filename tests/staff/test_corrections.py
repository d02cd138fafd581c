"""The two pages of a correction: what the first officer types, what the second sees."""

import pytest
from django.contrib.auth.models import Permission

from accounts.models import Correction, User
from accounts.services.corrections import propose_correction
from foundation.audit import AuditEvent
from tests.factories import make_officer, make_receipt, make_registration, make_user
from tests.staff.desk import freshly_seated, seated

pytestmark = pytest.mark.django_db


@pytest.fixture
def aminah():
    return make_user("Aminah binti Ali")


@pytest.fixture
def proposed(aminah, at):
    """By another officer."""
    return propose_correction(
        user=aminah,
        full_name="Aminah binti Alias",
        ic_number="850101145999",
        reason="Tersalah eja",
        by=make_officer("Encik Selvam"),
        at=at,
    )


def form_of(user):
    return f"/staf/accounts/user/{user.pk}/betulkan/"


def page_of(correction):
    return f"/staf/accounts/correction/{correction.pk}/putuskan/"


TYPED = {"full_name": "Aminah  binti Alias", "ic_number": "", "reason": "Tersalah eja"}


def test_the_form_shows_the_name_and_masks_the_number(client, aminah):
    freshly_seated(client)
    page = client.get(form_of(aminah))
    assert 'value="Aminah binti Ali"' in page.text
    assert aminah.ic_number not in page.text


def test_a_name_alone_is_corrected(client, aminah):
    officer = freshly_seated(client)
    client.post(form_of(aminah), TYPED)
    correction = Correction.objects.get()
    assert (correction.full_name, correction.ic_number) == ("Aminah binti Alias", aminah.ic_number)
    assert correction.proposed_by == officer


def test_four_digits_may_be_told_in_the_reason(client, aminah):
    freshly_seated(client)
    client.post(form_of(aminah), TYPED | {"reason": "IC ...5999, fail JPN 2026/11-22"})
    assert Correction.objects.get().reason == "IC ...5999, fail JPN 2026/11-22"


@pytest.mark.parametrize(
    ("changed", "expected"),
    [
        ({"full_name": ""}, {"full_name": ["required"]}),
        ({"full_name": "阿明"}, {"full_name": ["script"]}),
        ({"ic_number": "850230145999"}, {"ic_number": ["date"]}),
        ({"reason": ""}, {"reason": ["required"]}),
        ({"reason": "Bukan 850101145999"}, {"reason": ["ic_number"]}),
        ({"reason": "MyKad: 850101-14-5999, JPN"}, {"reason": ["ic_number"]}),
        ({"reason": "850101 14 5999"}, {"reason": ["ic_number"]}),
        ({"full_name": "Aminah binti Ali"}, {"__all__": [""]}),
    ],
)
def test_each_wrong_answer_is_told(client, aminah, changed, expected):
    freshly_seated(client)
    page = client.post(form_of(aminah), TYPED | changed)
    found = page.context["form"].errors.as_data().items()
    assert {name: [error.code or "" for error in errors] for name, errors in found} == expected
    assert 'role="alert"' in page.text
    assert not Correction.objects.exists()


def test_the_second_officer_sees_both_and_reading_is_an_event(client, proposed, aminah):
    officer = freshly_seated(client)
    page = client.get(page_of(proposed))
    for words in ("Aminah binti Ali", "Aminah binti Alias", aminah.ic_number, "850101145999"):
        assert words in page.text
    event = AuditEvent.objects.get(action="ic_number_read")
    assert (event.by, event.subject_id) == (officer, str(aminah.pk))


@pytest.mark.parametrize(
    ("decision", "name"), [("approved", "Aminah binti Alias"), ("refused", "Aminah binti Ali")]
)
def test_the_second_officer_decides(client, proposed, decision, name):
    freshly_seated(client)
    answer = client.post(page_of(proposed), {"decision": decision}, follow=True)
    assert "Keputusan disimpan" in answer.text
    assert User.objects.get(pk=proposed.user_id).full_name == name


def test_his_own_proposal_is_not_his_to_decide(client, aminah):
    freshly_seated(client)
    client.post(form_of(aminah), TYPED)
    correction = Correction.objects.get()
    assert 'name="decision"' not in client.get(page_of(correction)).text
    answer = client.post(page_of(correction), {"decision": "approved"}, follow=True)
    assert "Pegawai lain mesti memutuskan" in answer.text
    assert Correction.objects.get().status == "proposed"


def test_a_decision_comes_once(client, proposed):
    freshly_seated(client)
    client.post(page_of(proposed), {"decision": "refused"})
    answer = client.post(page_of(proposed), {"decision": "approved"}, follow=True)
    assert "telah memutuskan" in answer.text
    assert Correction.objects.get().status == "refused"


def test_receipts_that_state_the_old_name_are_listed(client, at):
    registration = make_registration(make_user(), "approved")
    receipt = make_receipt(registration)
    correction = propose_correction(
        user=registration.user,
        full_name="Lain",
        ic_number=registration.user.ic_number,
        reason="x",
        by=make_officer(),
        at=at,
    )
    freshly_seated(client)
    assert receipt.number in client.get(page_of(correction)).text


@pytest.mark.parametrize("missing", ["add_correction", "change_correction"])
def test_each_page_needs_its_permission(client, proposed, aminah, missing):
    officer = make_officer(is_superuser=False)
    given = {"add_correction", "change_correction"} - {missing}
    officer.user_permissions.add(Permission.objects.get(codename=given.pop()))
    freshly_seated(client, officer)
    pages = {"add_correction": form_of(aminah), "change_correction": page_of(proposed)}
    assert client.get(pages.pop(missing)).status_code == 403
    assert client.get(pages.popitem()[1]).status_code == 200


def test_only_an_opened_drivers_account_is_corrected(client):
    officer = freshly_seated(client)
    assert client.get(form_of(officer)).status_code == 404


def test_deciding_needs_fresh_digits(client, proposed):
    seated(client)
    answer = client.get(page_of(proposed))
    assert answer.url.startswith("/staf/pengesahan/")
    client.post(page_of(proposed), {"decision": "approved"})
    assert Correction.objects.get().status == "proposed"
