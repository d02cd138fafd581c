"""A licence's number is its holder's IC number: sealed at rest, and masked where staff look."""

import pytest
from django.db import IntegrityError, connection, transaction

from perkeso.privacy.gathering import facts_about
from registration.models import Registration, SupportingDocument
from tests.factories import make_registration, make_user
from tests.staff.desk import seated

pytestmark = pytest.mark.django_db
IC = "850101145523"
MASKED = "••••••-••-5523"


@pytest.fixture
def licence(at):
    """Aminah's, which says her IC number; her registration is paid for."""
    registration = make_registration(
        make_user(ic_number=IC), "submitted", is_paid=True, kinds=("lesen", "psv"), at=at
    )
    licence = registration.documents.get(kind="lesen")
    licence.number = "850101-14-5523"
    licence.save()
    return licence


def stored():
    """Each number as the database has it."""
    with connection.cursor() as cursor:
        cursor.execute("SELECT number FROM registration_supportingdocument ORDER BY id")
        return [row[0] for row in cursor]


def test_the_database_sees_no_number(licence):
    assert [number.partition(":")[0] for number in stored()] == ["1", "1"]
    assert SupportingDocument.objects.get(pk=licence.pk).number == "850101-14-5523"


def test_a_document_without_its_number_is_still_not_attached(licence):
    licence.number = ""
    with pytest.raises(IntegrityError, match="document_whole_when_attached"), transaction.atomic():
        licence.save()


@pytest.mark.parametrize(
    ("number", "shown"),
    [
        (IC, MASKED),
        ("850101-14-5523", MASKED),
        ("850101 14 5523 D", MASKED),
        ("D1234567", "D1234567"),
        ("850101145999", "850101145999"),
        ("", ""),
    ],
)
def test_only_the_owners_ic_number_is_masked(licence, number, shown):
    licence.number = number
    assert licence.shown_number == shown


@pytest.mark.parametrize("page", ["semak/", "change/"])
def test_an_officer_sees_it_masked(client, licence, page):
    seated(client)
    text = client.get(f"/staf/registration/registration/{licence.registration_id}/{page}").text
    assert "D1234567" in text  # of the card
    assert text.count(MASKED) == 2  # hers, and the licence's
    for spelling in (IC, "850101-14-5523"):
        assert spelling not in text


def test_masking_asks_for_no_owner_again(licence, django_assert_num_queries):
    registration = Registration.objects.for_user(licence.registration.user).get()
    with django_assert_num_queries(1):
        assert [one.shown_number for one in registration.live_documents] == [MASKED, "D1234567"]


def test_her_copy_says_it_whole(licence):
    told = facts_about(licence.registration.user)["dokumen"]
    assert "850101-14-5523" in [document["number"] for document in told]
