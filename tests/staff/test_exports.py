"""A CSV by role: made in the background, fetched by whoever asked, gone after a day."""

import csv
import io
from datetime import timedelta

import pytest
from django.contrib.auth.models import Permission
from django.core.files.storage import default_storage

from foundation.audit import AuditEvent
from foundation.outbox import OutboxRow
from foundation.wording import formatted_ic
from registration import tasks
from registration.models import Export
from registration.services import exports
from tests.factories import make_officer, make_receipt, make_registration, make_user
from tests.staff.desk import freshly_seated, seated

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("clock")]
URL = "/staf/eksport/"
DAY = timedelta(hours=24)


def made(which="all", *, by=None, at):
    """An export that the worker has written."""
    export = exports.request_export(which=which, by=by or make_officer(), at=at)
    tasks.make_export.handler(export.pk, at=at)
    export.refresh_from_db()
    return export


def rows_of(export):
    with export.file.open("rb") as file:
        return list(csv.DictReader(io.StringIO(file.read().decode("utf-8-sig"))))


def status_of(client, export):
    """How the address of the file answers, read to its end."""
    answer = client.get(address(export))
    answer.getvalue()
    return answer.status_code


def address(export):
    return f"{URL}{export.public_id}.csv"


def test_it_is_asked_for_made_and_fetched(client, at):
    make_registration(make_user("Aminah binti Ali"), "approved", at=at)
    officer = freshly_seated(client)
    client.post(URL, {"which": "all"})
    export = Export.objects.get()
    row = OutboxRow.objects.get(kind="registration.make_export")
    assert (row.subject_id, export.requested_by) == (export.pk, officer)
    assert "Menunggu giliran" in client.get(URL).text
    tasks.make_export.handler(export.pk, at=at)
    answer = client.get(address(export))
    assert answer.headers["Content-Disposition"] == (
        'attachment; filename="pendaftaran-all-20261122-1000.csv"'
    )
    assert b"Aminah binti Ali" in answer.getvalue()
    assert list(AuditEvent.objects.filter(by=officer).values_list("action", flat=True)) == [
        "export_downloaded",
        "export_requested",
    ]


def test_how_far_it_is_stands_on_the_page(client, at):
    export = exports.request_export(which="all", by=freshly_seated(client), at=at)
    Export.objects.filter(pk=export.pk).update(rows_total=20_000, rows_done=3000)
    page = client.get(URL)
    assert '<progress max="20000" value="3000"' in page.text
    assert "js/at_work." in page.text


@pytest.mark.parametrize(
    ("which", "names"),
    [
        ("all", ["Aminah", "Boon", "Chandran", "Devi"]),
        ("waiting", ["Aminah", "Boon"]),
        ("approved", ["Chandran"]),
        ("rejected", ["Devi"]),
        ("returned", []),
    ],
)
def test_it_holds_what_was_asked_for(which, names, at):
    make_registration(make_user("Aminah"), "submitted", is_paid=True)
    make_registration(make_user("Boon"), "referred")
    make_registration(make_user("Chandran"), "approved")
    make_registration(make_user("Devi"), "rejected")
    make_registration(make_user("Eng"), "draft")
    export = made(which, at=at)
    assert [row["Nama"] for row in rows_of(export)] == names
    assert (export.rows_done, export.rows_total) == (len(names), len(names))


def test_numbers_are_masked_unless_the_role_sees_them(at):
    registration = make_registration(make_user(), "approved")
    ic_number = registration.user.ic_number
    clerk = make_officer(is_superuser=False)
    [masked] = rows_of(made(by=clerk, at=at))
    assert masked["No. kad pengenalan"] == f"••••••-••-{ic_number[-4:]}"
    [whole] = rows_of(made(by=make_officer(), at=at))
    assert whole["No. kad pengenalan"] == formatted_ic(ic_number)
    assert registration.user.phone not in str(whole)


def test_paid_is_what_the_last_receipt_says(at):
    registration = make_registration(make_user(), "approved", at=at)
    make_registration(make_user("Devi"), "submitted", at=at)
    make_receipt(registration, issued_at=at)
    make_receipt(registration, issued_at=at + DAY)
    paid, unpaid = rows_of(made(at=at + 2 * DAY))
    assert (paid["Dibayar"], unpaid["Dibayar"]) == ("2026-11-23 10:00:00", "")


def test_a_name_that_is_a_formula_is_only_text(at):
    make_registration(make_user("=HYPERLINK(A1)"), "approved")
    [row] = rows_of(made(at=at))
    assert row["Nama"] == "'=HYPERLINK(A1)"


def test_made_twice_it_is_written_once(at):
    make_registration(make_user("Aminah"), "approved")
    export = made(at=at)
    make_registration(make_user("Boon"), "approved")
    tasks.make_export.handler(export.pk, at=at + timedelta(minutes=5))
    assert [row["Nama"] for row in rows_of(export)] == ["Aminah"]


def test_the_link_dies_after_a_day(client, at, clock):
    officer = make_officer()
    export = made(by=officer, at=at)
    clock.shift(DAY - timedelta(seconds=1))
    freshly_seated(client, officer)
    assert status_of(client, export) == 200
    clock.shift(timedelta(seconds=1))
    assert status_of(client, export) == 404
    assert "Pautan telah mati" in client.get(URL).text


def test_dead_files_are_deleted(at):
    export = made(at=at)
    assert exports.drop_ended_exports(at=at + DAY - timedelta(seconds=1)) == 0
    assert exports.drop_ended_exports(at=at + DAY) == 1
    assert not default_storage.exists(export.file.name)
    assert exports.drop_ended_exports(at=at + DAY) == 0


def test_another_officers_export_is_not_there(client, at):
    export = made(at=at)
    freshly_seated(client)
    assert status_of(client, export) == 404
    assert str(export.public_id) not in client.get(URL).text


def test_one_that_is_not_made_is_not_there(client, at):
    export = exports.request_export(which="all", by=freshly_seated(client), at=at)
    assert status_of(client, export) == 404


@pytest.mark.parametrize("which", ["", "everything"])
def test_a_wrong_choice_is_told(client, which):
    freshly_seated(client)
    page = client.post(URL, {"which": which})
    assert "Pilih pendaftaran yang mana" in page.text
    assert not Export.objects.exists()


def test_an_officer_asks_five_times_an_hour(client):
    freshly_seated(client)
    answers = [client.post(URL, {"which": "all"}).status_code for _time in range(6)]
    assert answers == [302] * 5 + [429]


def test_it_needs_its_permission(client, at):
    officer = make_officer(is_superuser=False)
    export = made(by=officer, at=at)
    freshly_seated(client, officer)
    assert client.get(URL).status_code == status_of(client, export) == 403
    officer.user_permissions.add(Permission.objects.get(codename="add_export"))
    assert client.get(URL).status_code == status_of(client, export) == 200


def test_it_needs_fresh_digits(client, at):
    export = made(by=seated(client), at=at)
    asked = client.get(URL), client.get(address(export)), client.post(URL, {"which": "all"})
    assert [answer.url.partition("?")[0] for answer in asked] == ["/staf/pengesahan/"] * 3
