"""Correcting a receipt at the desk."""

import pytest
from django.contrib.auth.models import Permission

from receipts.models import Receipt
from tests.factories import make_officer, make_receipt, make_registration, make_user
from tests.staff.desk import seated

pytestmark = pytest.mark.django_db


@pytest.fixture
def receipt():
    aminah = make_user("Aminah binti Ali", ic_number="850101145523")
    return make_receipt(make_registration(aminah, "submitted"))


def put_right(receipt):
    receipt.user.full_name = "Aminah binti Alias"
    receipt.user.save()


def page_of(receipt):
    return f"/staf/receipts/receipt/{receipt.pk}/betulkan/"


def test_both_names_stand_side_by_side(client, receipt):
    put_right(receipt)
    seated(client)
    page = client.get(page_of(receipt)).text
    assert "Aminah binti Ali<" in page
    assert "Aminah binti Alias<" in page
    assert "850101" not in page


def test_one_button_issues_the_correction(client, receipt):
    put_right(receipt)
    officer = seated(client)
    page = client.post(page_of(receipt), follow=True).text
    correction = Receipt.objects.get(corrects=receipt)
    assert correction.full_name == "Aminah binti Alias"
    assert Receipt.objects.get(pk=receipt.pk).voided_by == officer
    assert "Resit baharu dikeluarkan" in page
    assert correction.number in page


def test_the_void_one_says_which_took_its_place(client, receipt):
    put_right(receipt)
    seated(client)
    client.post(page_of(receipt))
    page = client.get(f"/staf/receipts/receipt/{receipt.pk}/change/").text
    assert f"diganti dengan {Receipt.objects.get(corrects=receipt).number}" in page
    assert "Betulkan resit" not in page


def test_the_account_is_put_right_first(client, receipt):
    seated(client)
    page = client.post(page_of(receipt), follow=True).text
    assert "Betulkan akaun dahulu" in page
    assert not Receipt.objects.filter(corrects=receipt).exists()


def test_nothing_is_corrected_twice(client, receipt):
    put_right(receipt)
    seated(client)
    client.post(page_of(receipt))
    assert "sudah dibatalkan" in client.post(page_of(receipt), follow=True).text
    assert Receipt.objects.count() == 2


def test_correcting_needs_its_permission(client, receipt):
    officer = make_officer(is_superuser=False)
    officer.user_permissions.add(Permission.objects.get(codename="view_receipt"))
    seated(client, officer)
    assert client.get(page_of(receipt)).status_code == 403
    assert client.post(page_of(receipt)).status_code == 403
