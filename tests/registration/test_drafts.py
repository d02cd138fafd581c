"""Sector, region and particulars, as far as the driver may change them."""

from concurrent.futures import ThreadPoolExecutor
from datetime import timedelta
from threading import Barrier

import pytest
from django.core.files.storage import default_storage
from django.db import connection

from registration.models import Registration, SupportingDocument
from registration.services import drafts, uploads
from registration.services import drafts as drafts_module
from tests.factories import PARTICULARS, make_file, make_registration, make_user

pytestmark = pytest.mark.django_db
HOUR = timedelta(hours=1)
MONTH = timedelta(days=30)


def test_save_service_begins_a_draft(at):
    boon = make_user("Boon")
    registration = drafts.save_service(user=boon, sector="bus", region="labuan", at=at)
    assert Registration.objects.for_user(boon).current() == registration
    assert (registration.sector, registration.region) == ("bus", "labuan")
    assert (registration.status, registration.created_at) == ("draft", at)


def test_save_service_changes_the_sector_of_a_new_draft_and_keeps_its_answers(at):
    boon = make_user("Boon")
    draft = make_registration(boon, sector="taxi")
    changed = drafts.save_service(user=boon, sector="e_hailing", region="peninsular", at=at)
    assert changed.pk == draft.pk
    assert changed.sector == "e_hailing"
    assert changed.documents.count() == 2


def test_save_service_begins_another_beside_what_was_submitted(at):
    aminah = make_user()
    approved = make_registration(aminah, "approved", town="Kota Bharu")
    other = drafts.save_service(user=aminah, sector="bus", region="peninsular", at=at + HOUR)
    assert other.pk != approved.pk
    assert other.town == "Kota Bharu"
    assert Registration.objects.for_user(aminah).current() == other


def test_save_service_goes_back_to_an_earlier_registration(at):
    aminah = make_user()
    approved = make_registration(aminah, "approved")
    drafts.save_service(user=aminah, sector="bus", region="peninsular", at=at + HOUR)
    again = drafts.save_service(user=aminah, sector="taxi", region="peninsular", at=at + 2 * HOUR)
    assert again == approved
    assert Registration.objects.for_user(aminah).current() == approved
    assert again.status == "approved"
    assert not again.has_changed


@pytest.mark.django_db(transaction=True)
def test_of_two_taps_on_the_button_both_find_one_registration(at):
    boon = make_user("Boon")
    start = Barrier(2)

    def tap(_number):
        start.wait(timeout=5)
        try:
            return drafts.save_service(user=boon, sector="taxi", region="sabah", at=at)
        finally:
            connection.close()

    with ThreadPoolExecutor(2) as fingers:
        first, second = fingers.map(tap, range(2))
    assert first == second == Registration.objects.get()


def test_save_service_makes_an_unpaid_submission_a_draft_again(at):
    boon = make_user("Boon")
    make_registration(boon, "submitted")
    registration = drafts.save_service(user=boon, sector="taxi", region="sabah", at=at + HOUR)
    assert registration.status == "draft"
    assert registration.status_changes.last().by == boon


def test_save_service_refuses_another_region_while_an_officer_looks(at):
    boon = make_user("Boon")
    make_registration(boon, "submitted", is_paid=True)
    with pytest.raises(drafts.NotEditable):
        drafts.save_service(user=boon, sector="taxi", region="sabah", at=at)
    assert Registration.objects.get().region == "peninsular"


def test_save_service_begins_anew_after_a_rejection(at):
    boon = make_user("Boon")
    rejected = make_registration(boon, "rejected")
    registration = drafts.save_service(user=boon, sector="taxi", region="peninsular", at=at + HOUR)
    assert registration.pk != rejected.pk
    assert registration.status == "draft"
    assert registration.address_line_1 == rejected.address_line_1


def test_save_details_keeps_the_particulars(at):
    boon = make_user("Boon")
    registration = drafts.save_service(user=boon, sector="taxi", region="peninsular", at=at)
    assert not registration.has_particulars
    drafts.save_details(registration=registration, at=at, **PARTICULARS)
    registration = Registration.objects.get()
    assert registration.has_particulars
    assert {name: getattr(registration, name) for name in PARTICULARS} == PARTICULARS


def test_save_details_leaves_a_submission_alone_when_nothing_changed(at):
    boon = make_user("Boon")
    registration = make_registration(boon, "submitted")
    drafts.save_details(registration=registration, at=at + HOUR, **PARTICULARS)
    assert Registration.objects.get().status == "submitted"


def test_save_details_makes_an_unpaid_submission_a_draft_again(at):
    registration = make_registration(make_user("Boon"), "submitted")
    drafts.save_details(registration=registration, at=at + HOUR, **PARTICULARS | {"town": "Bangi"})
    row = Registration.objects.get()
    assert (row.status, row.town) == ("draft", "Bangi")


@pytest.mark.parametrize("status", ["referred", "rejected"])
def test_save_details_refuses_what_is_not_the_drivers_turn(status, at):
    registration = make_registration(make_user("Boon"), status)
    with pytest.raises(drafts.NotEditable) as refusal:
        drafts.save_details(registration=registration, at=at, **PARTICULARS | {"town": "Bangi"})
    assert str(refusal.value)


@pytest.mark.parametrize(
    ("particulars", "has_changed"), [({"town": "Bangi"}, False), ({"citizenship": "other"}, True)]
)
def test_an_officer_looks_again_at_what_he_decides_on_only(particulars, has_changed, at):
    registration = make_registration(make_user(), "approved")
    later = at + HOUR
    drafts.save_details(registration=registration, at=later, **PARTICULARS | particulars)
    row = Registration.objects.get()
    assert row.status == "approved"
    assert row.has_changed == has_changed


def test_choose_registration_makes_it_the_current_one(at):
    aminah = make_user()
    taxi = make_registration(aminah, "approved")
    make_registration(aminah, sector="bus", at=at + HOUR)
    drafts.choose_registration(registration=taxi, at=at + 2 * HOUR)
    assert Registration.objects.for_user(aminah).current() == taxi


def test_drop_stale_drafts_deletes_rows_and_files(at, django_capture_on_commit_callbacks):
    draft = make_registration(make_user("Boon"))
    uploads.keep_upload(registration=draft, kind="kad-pemandu", file=make_file(), at=at)
    files = draft.documents.values_list("file", "original")
    names = [name for pair in files for name in pair if name]
    assert len(names) == 3
    with django_capture_on_commit_callbacks(execute=True):
        assert drafts.drop_stale_drafts(at=at + MONTH + HOUR) == 1
    assert not Registration.objects.exists()
    assert not SupportingDocument.objects.exists()
    assert not any(default_storage.exists(name) for name in names)


@pytest.mark.parametrize("status", [one for one in Registration.Status if one != "draft"])
def test_drop_stale_drafts_leaves_what_was_ever_submitted(status, at):
    make_registration(make_user("Boon"), status)
    assert drafts.drop_stale_drafts(at=at + 12 * MONTH) == 0
    assert Registration.objects.exists()


def test_drop_stale_drafts_leaves_a_submission_that_is_a_draft_again(at):
    registration = make_registration(make_user("Boon"), "submitted")
    drafts.save_details(registration=registration, at=at, **PARTICULARS | {"town": "Bangi"})
    assert drafts.drop_stale_drafts(at=at + 12 * MONTH) == 0


def test_drop_stale_drafts_leaves_what_somebody_works_on(at):
    boon = make_user("Boon")
    make_registration(boon)
    drafts.save_service(user=boon, sector="taxi", region="peninsular", at=at + MONTH)
    assert drafts.drop_stale_drafts(at=at + MONTH + HOUR) == 0


def test_drop_stale_drafts_forgets_files_that_nobody_attached(
    at, django_capture_on_commit_callbacks
):
    approved = make_registration(make_user(), "approved")
    upload = uploads.keep_upload(registration=approved, kind="psv", file=make_file(), at=at)
    with django_capture_on_commit_callbacks(execute=True):
        drafts.drop_stale_drafts(at=at + MONTH + HOUR)
    assert not default_storage.exists(upload.original.name)
    assert approved.documents.count() == 2


def test_drop_stale_drafts_leaves_a_file_of_a_draft_that_somebody_works_on(at):
    draft = make_registration(make_user("Boon"))
    uploads.keep_upload(registration=draft, kind="psv", file=make_file(), at=at)
    drafts.save_details(registration=draft, at=at + MONTH, **PARTICULARS | {"town": "Bangi"})
    assert drafts.drop_stale_drafts(at=at + MONTH + HOUR) == 0
    assert draft.documents.unattached().exists()
    assert drafts.drop_stale_drafts(at=at + 2 * MONTH + HOUR) == 1


def test_drop_stale_drafts_leaves_a_draft_with_a_new_file(at):
    draft = make_registration(make_user("Boon"))
    uploads.keep_upload(registration=draft, kind="psv", file=make_file(), at=at + MONTH)
    assert drafts.drop_stale_drafts(at=at + MONTH + HOUR) == 0


def test_drop_stale_drafts_leaves_whoever_came_back_meanwhile(at):
    boon = make_user("Boon")
    draft = make_registration(boon)
    drafts.save_service(user=boon, sector="taxi", region="peninsular", at=at + MONTH)
    drafts_module._drop(draft, at + HOUR)
    assert Registration.objects.get() == draft
