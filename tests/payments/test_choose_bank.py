"""The payer chooses his bank; the press is also his consent to FPX's terms."""

import re
from datetime import timedelta

import pytest
import requests
import responses
from django.conf import settings
from django.urls import reverse

from contributions.models import Contribution
from payments.models import Bank, Payment
from registration.models import SupportingDocument
from tests.factories import (
    make_banks,
    make_contribution,
    make_payment,
    make_registration,
    make_user,
    tell,
)

pytestmark = pytest.mark.usefixtures("clock")


@pytest.fixture
def banks(db):
    return make_banks()


@pytest.fixture
def page(contribution):
    return reverse("payments:choose_bank", args=[contribution.public_id])


@pytest.fixture(autouse=True)
def signed_in(aminah, client):
    client.force_login(aminah)


def test_it_shows_banks_amount_and_terms(client, page, banks, aminah):
    answer = client.get(page)
    text = answer.content.decode()
    assert answer.status_code == 200
    assert "RM13.10" in text
    assert "Langkah 6 daripada 6" in text
    assert text.index("Maybank2U") < text.index("RHB Bank") < text.index("SBI Bank A")
    assert "RHB Bank (Offline)" in text
    assert text.count("disabled") == 1
    assert f'href="{settings.FPX_URL}termsAndConditions.jsp"' in text
    assert f'href="{settings.FPX_ABOUT_URL}"' in text
    assert "Dengan menekan butang “Bayar dengan FPX”, anda bersetuju dengan" in text
    assert "Waktu operasi FPX: 24 jam sehari, 7 hari seminggu." in text
    assert f'value="{aminah.email}"' in text
    assert '<button class="button">Bayar dengan FPX</button>' in text
    assert text.rindex("Jumlah bayaran") < text.index("Bayar dengan FPX</button>")
    assert not Payment.objects.exists()


def test_the_path_is_malay(page, contribution):
    assert page == f"/bayaran/{contribution.public_id}/bank/"


def chosen(page):
    return re.findall(r'<option value="(\w*)"[^>]* selected', page)


def headings(page):
    """Each with the banks below it, as they are called."""
    found = re.findall(r'<optgroup label="(.+?)">(.+?)</optgroup>', page, re.DOTALL)
    return {name: re.findall(r">([^<]+)</option>", banks) for name, banks in found}


def test_a_new_payer_finds_nothing_chosen_and_what_many_use_on_top(client, page, banks):
    text = client.get(page).text
    assert chosen(text) == [""]
    assert headings(text) == {
        "Kerap digunakan": ["Maybank2U", "RHB Bank (Offline)"],
        "Bank lain": ["SBI Bank A"],
    }


def test_in_english_too_it_says_offline_and_what_the_button_agrees_to(client, page, banks):
    text = client.get(f"/en{page}").text
    assert list(headings(text)) == ["Used by many", "Other banks"]
    assert "RHB Bank (Offline)" in text
    assert "By clicking the “Pay with FPX” button, you agree to" in text
    assert "FPX’s Terms and Conditions (new window)</a>." in text


@pytest.mark.parametrize("status", ["failed", "succeeded"])
def test_the_last_bank_is_first_and_chosen(client, page, contribution, banks, status):
    make_payment(
        make_contribution(make_registration(contribution.registration.user, sector="bus")), status
    )
    text = client.get(page).text
    assert list(headings(text).items()) == [
        ("Bank terakhir anda", ["SBI Bank A"]),
        ("Kerap digunakan", ["Maybank2U", "RHB Bank (Offline)"]),
    ]
    assert chosen(text) == ["TEST0021"]


def test_a_last_bank_that_is_offline_is_not_chosen(client, page, contribution, banks):
    make_payment(contribution, "failed")
    Bank.objects.filter(bank_id="TEST0021").update(is_online=False)
    text = client.get(page).text
    assert chosen(text) == [""]
    assert headings(text)["Bank lain"] == ["SBI Bank A (Offline)"]


def test_choosing_leads_to_the_bank(client, page, banks):
    answer = client.post(page, {"bank": "TEST0021", "email": ""})
    payment = Payment.objects.get()
    assert payment.bank_name == "SBI Bank A"
    assert payment.language == "ms"
    assert answer.status_code == 302
    assert answer["Location"] == reverse("payments:send_to_bank", args=[payment.reference])


def test_in_english_he_will_return_to_english(client, page, banks):
    client.post(f"/en{page}", {"bank": "TEST0021", "email": ""})
    assert Payment.objects.get().language == "en"


@pytest.mark.parametrize(
    ("typed", "field", "code"),
    [
        ({}, "bank", "required"),
        ({"bank": "XXXX"}, "bank", "invalid_choice"),
        ({"bank": "RHB0218"}, "bank", "offline"),
        ({"bank": "TEST0021", "email": "bukan e-mel"}, "email", "invalid"),
        ({"bank": "TEST0021", "email": "a|b@contoh.com"}, "email", "invalid"),
        ({"bank": "TEST0021", "email": f"{'a' * 50}@contoh.com"}, "email", "max_length"),
    ],
)
def test_what_is_wrong_is_said_beside_the_field(client, page, banks, typed, field, code):
    answer = client.post(page, typed)
    form = answer.context["form"]
    assert form.has_error(field, code)
    assert str(form.errors[field][0]) in answer.content.decode()
    assert not Payment.objects.exists()


def test_what_was_typed_is_kept(client, page, banks):
    text = client.post(page, {"bank": "", "email": "lain@contoh.com"}).content.decode()
    assert 'value="lain@contoh.com"' in text
    assert "<title>Ralat:" in text


def test_a_long_address_is_not_prefilled(client, page, banks, aminah):
    aminah.email = f"{'a' * 50}@contoh.com"
    aminah.save()
    assert client.get(page).context["form"]["email"].value() == ""


def test_a_stranger_finds_nothing(client, page, banks):
    client.force_login(make_user("Chandran"))
    assert client.get(page).status_code == 404
    assert client.post(page, {"bank": "TEST0021"}).status_code == 404


def test_whoever_is_not_signed_in_logs_in(client, page):
    client.logout()
    assert client.get(page)["Location"] == f"/log-masuk/?next={page}"


@pytest.mark.parametrize("status", ["started", "pending"])
@pytest.mark.parametrize("method", ["get", "post"])
def test_while_one_is_undecided_its_page_is_shown(
    client, page, contribution, status, method, clock
):
    payment = make_payment(contribution, status)
    clock.move_to(payment.started_at + timedelta(seconds=5))
    answer = getattr(client, method)(page, {"bank": "TEST0021", "email": ""})
    assert answer["Location"] == reverse("payments:payment", args=[payment.reference])
    assert Payment.objects.count() == 1


def test_a_double_tap_leads_to_the_bank_both_times(client, page, banks):
    answers = [client.post(page, {"bank": "TEST0021", "email": ""}) for _tap in range(2)]
    reference = Payment.objects.get().reference
    bank = reverse("payments:send_to_bank", args=[reference])
    assert [answer["Location"] for answer in answers] == [bank, bank]


def test_one_that_gave_way_is_warned_of(client, page, contribution, payment, at, clock):
    tell(payment, "09", channel="enquiry", at=at + timedelta(minutes=20))
    clock.move_to(at + timedelta(minutes=25))
    text = client.get(page).content.decode()
    assert "Wang anda mungkin didebit dua kali" in text
    assert payment.reference in text
    client.post(page, {"bank": "TEST0021", "email": ""})
    assert Payment.objects.count() == 2


def test_a_paid_contribution_leads_to_its_payment(client, page, contribution):
    payment = make_payment(contribution, "succeeded")
    assert client.get(page)["Location"] == reverse("payments:payment", args=[payment.reference])


def test_a_replaced_contribution_leads_to_the_dashboard(client, page, banks):
    Contribution.objects.update(status="dropped")
    assert client.get(page)["Location"] == reverse("dashboard")
    assert client.post(page, {"bank": "TEST0021"})["Location"] == reverse("dashboard")


def test_whose_licence_has_ended_is_led_to_where_he_mends_it(client, page, banks, at):
    SupportingDocument.objects.filter(kind="lesen").update(expiry_date=at - timedelta(days=1))
    answer = client.post(page, {"bank": "TEST0021"}, follow=True)
    assert answer.redirect_chain == [("/caruman/pelan/", 302), ("/pendaftaran/", 302)]
    assert "Caruman ini tidak boleh dibayar sekarang." in answer.content.decode()
    assert not Payment.objects.exists()


def test_without_fpx_it_says_that_nothing_is_lost(client, page):
    with responses.RequestsMock() as fpx:
        fpx.post(f"{settings.FPX_URL}RetrieveBankList", body=requests.ConnectionError())
        answer = client.get(page)
    assert answer.status_code == 503
    assert "Caruman ini belum dibayar" in answer.content.decode()


@pytest.mark.parametrize(("minutes", "is_said"), [(14, False), (16, True)])
def test_an_old_list_is_said_to_be_old(client, page, banks, at, minutes, is_said):
    Bank.objects.update(listed_at=at - timedelta(minutes=minutes))
    assert client.get(page).context["is_list_old"] == is_said


def test_it_takes_few_queries(client, page, banks, contribution, django_assert_max_num_queries):
    for _attempt in range(3):
        make_payment(contribution, "failed")
    client.get(page)
    with django_assert_max_num_queries(8):
        client.get(page)
