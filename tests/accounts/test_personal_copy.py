"""A copy of everything for who it is about: asked for, made, fetched, gone after a day."""

import io
import json
import zipfile
from datetime import timedelta

import pytest
from django.core.files.base import ContentFile
from django.core.files.storage import default_storage

from accounts.models import PersonalCopy
from contributions.models import CoveragePeriod
from foundation import outbox
from foundation.audit import AuditEvent
from perkeso.privacy.gathering import FACTS
from perkeso.privacy.services import drop_ended_copies
from perkeso.privacy.words import word_of
from receipts.models import Receipt
from tests.accounts.pages import lands, prove
from tests.browser import Browser
from tests.factories import AT, make_receipt, make_registration, make_user

PATH = "/profil/salinan/"
ASK = "/profil/salinan/minta/"
DAY = timedelta(hours=24)


@pytest.fixture
def aminah(client, db):
    """Registered, with two documents and a receipt, and signed in."""
    aminah = make_user(ic_number="850101145523")
    receipt = make_receipt(make_registration(aminah, "submitted"))
    receipt.file.save("x.pdf", ContentFile(b"%PDF- resit"), save=False)
    Receipt.objects.filter(pk=receipt.pk).update(
        file=receipt.file.name, sha256="0" * 64, drawn_at=AT
    )
    client.force_login(aminah)
    return aminah


@pytest.fixture
def asked(client, aminah):
    """She proved herself and pressed the button."""
    prove(client, aminah, ASK)
    assert lands(client.post(ASK), PATH)
    return PersonalCopy.objects.get()


@pytest.fixture
def made(asked, work):
    """The worker has been there."""
    outbox.OutboxRow.objects.exclude(kind__contains="copy").delete()
    work()
    asked.refresh_from_db()
    return asked


def fetch(client, copy):
    """The zip, after the password again."""
    path = f"{PATH}{copy.public_id}/"
    prove(client, copy.user, path, with_code=False)
    answer = client.get(path)
    return answer, zipfile.ZipFile(io.BytesIO(b"".join(answer.streaming_content)))


def test_it_tells_how_far_it_is(client, asked, work):
    assert "sedang disediakan" in client.get(PATH).text
    work()
    page = client.get(PATH).text
    assert "Salinan anda sudah sedia" in page
    assert f"{PATH}{asked.public_id}/" in page


def test_it_is_asked_for_with_a_fresh_proof(client, aminah):
    assert lands(client.post(ASK), "/profil/pengesahan/")
    assert not PersonalCopy.objects.exists()


def test_asked_for_twice_it_is_made_once(client, asked, aminah):
    prove(client, aminah, ASK)
    client.post(ASK)
    assert PersonalCopy.objects.count() == 1
    assert AuditEvent.objects.filter(action="copy_requested").count() == 1


def test_it_holds_facts_documents_and_receipts(client, made):
    answer, archive = fetch(client, made)
    assert answer.headers["Content-Disposition"] == 'attachment; filename="maklumat-saya.zip"'
    names = archive.namelist()
    receipt = Receipt.objects.get()
    assert FACTS in names
    assert next(name for name in names if name.startswith("dokumen/")).endswith("-lesen.jpg")
    assert archive.read(f"resit/{receipt.number}.pdf") == b"%PDF- resit"
    facts = json.loads(archive.read(FACTS))
    assert facts["akaun"][0]["nombor kad pengenalan"] == "850101145523"
    assert facts["resit"][0][word_of(Receipt, "number")] == receipt.number
    assert facts["perlindungan"][0][word_of(CoveragePeriod, "sector")] == "taxi"


def test_it_holds_no_secrets(client, made, aminah):
    _answer, archive = fetch(client, made)
    written = archive.read(FACTS).decode()
    for secret in (aminah.password, aminah.secret_phrase, aminah.ic_number_index):
        assert secret not in written


def test_the_owner_is_told_when_it_is_there(made, mailoutbox):
    ((mail),) = mailoutbox
    assert mail.subject == "Salinan maklumat anda sudah sedia"
    assert "http://127.0.0.1:8000/profil/salinan/" in mail.body
    assert "850101145523" not in mail.body


def test_the_download_asks_for_the_password(client, made):
    assert lands(client.get(f"{PATH}{made.public_id}/"), "/profil/pengesahan/")


def test_it_is_the_owners_only(made):
    chandran = make_user("Chandran a/l Muthu")
    browser = Browser()
    browser.force_login(chandran)
    assert browser.get(f"{PATH}{made.public_id}/").status_code == 404


def test_after_a_day_the_link_is_dead_and_the_file_gone(client, made, clock):
    path = f"{PATH}{made.public_id}/"
    clock.shift(DAY)
    client.force_login(made.user)
    assert client.get(path).status_code == 404
    assert "telah dipadamkan" in client.get(PATH).text
    assert drop_ended_copies(at=AT + DAY) == 1
    assert not default_storage.exists(made.file.name)
    assert drop_ended_copies(at=AT + DAY) == 0


def test_three_a_day_are_enough(client, aminah):
    for number in range(3):
        prove(client, aminah, ASK)
        client.post(ASK)
        PersonalCopy.objects.filter(made_at=None).update(made_at=AT + timedelta(seconds=number))
    prove(client, aminah, ASK)
    assert "Terlalu banyak cubaan" in client.post(ASK).text


@pytest.mark.parametrize("path", [PATH, ASK])
def test_it_is_not_for_strangers(client, db, path):
    assert client.get(path).url.startswith("/log-masuk/")


@pytest.mark.parametrize("count", [1, 50])
def test_its_queries_are_few_and_fixed(client, aminah, count, django_assert_max_num_queries):
    for _number in range(count):
        PersonalCopy.objects.create(user=aminah, requested_at=AT, made_at=AT)
    client.get(PATH)
    with django_assert_max_num_queries(4):
        client.get(PATH)
