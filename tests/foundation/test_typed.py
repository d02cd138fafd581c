"""What phones, contact cards and copied pages put between the signs is taken as it was meant."""

import unicodedata
from datetime import date

import pytest
from django import forms
from django.forms import BaseForm

from accounts.forms.identity import ChangeEmailForm, FullNameField, IcNumberForm, PhoneField
from accounts.forms.secrets import CodeForm, PasswordForm, TokenForm, phrase_field
from foundation.forms import DayMonthYearField, PortalForm
from foundation.typed import plain
from foundation.wording import month_named
from receipts.forms import CodeForm as ReceiptCodeForm
from registration.forms import DetailsForm
from staff.views.search import understood
from tests.accounts.test_send_unsent import forms_below

CODE = "7K3MQ0ZT4VABCDE12345XYZ01"


class PersonForm(PortalForm):
    full_name = FullNameField()
    phone = PhoneField()
    secret_phrase = phrase_field()
    expiry_date = DayMonthYearField(label="Tarikh")


class PersonIcForm(IcNumberForm):
    def __init__(self, *args):
        super().__init__(*args, today=date(2026, 11, 30))


def cleaned(form_class, name, typed):
    """The value that a field keeps, or the sentence beside it."""
    data = typed if isinstance(typed, dict) else {name: typed}
    form = form_class(data)
    form.full_clean()
    return form.cleaned_data.get(name) or form.errors[name][0]


def day(*parts):
    """The three boxes of a date."""
    return dict(
        zip(("expiry_date_day", "expiry_date_month", "expiry_date_year"), parts, strict=True)
    )


@pytest.mark.parametrize(
    ("form_class", "name", "typed", "kept"),
    [
        (PersonForm, "phone", "+60\u00a012\u2011345\u00a06789", "+60123456789"),
        (PersonForm, "phone", "\u202a+60 12-345 6789\u202c", "+60123456789"),
        (PersonForm, "phone", "+60 (0)12 345 6789", "+60123456789"),
        (PersonForm, "phone", "012.345.6789", "+60123456789"),
        (
            PersonForm,
            "phone",
            "011-234 5678",
            "Nombor telefon bimbit yang bermula dengan 011 mesti 11 angka",
        ),
        (PersonIcForm, "ic_number", "\u200e850102-14-5523", "850102145523"),
        (PersonIcForm, "ic_number", "850102.14.5523", "850102145523"),
        (PersonIcForm, "ic_number", "850102\u221214\u20115523", "850102145523"),
        (PersonForm, "full_name", "NUR \u2018 AISYAH", "NUR ' AISYAH"),
        (PersonForm, "full_name", "NUR ` AIN", "NUR ' AIN"),
        (PersonForm, "full_name", "NUR \u00b4 AIN", "NUR ' AIN"),
        (PersonForm, "full_name", "NUR\u2019AIN\u00a0BINTI\u200b ALI", "NUR'AIN BINTI ALI"),
        (PersonForm, "secret_phrase", "kucing\u00a0oren\u200e", "kucing oren"),
        (CodeForm, "code", "\u200e123456", "123456"),
        (CodeForm, "code", "123\u2011456", "123456"),
        (TokenForm, "token", "\u2068123\u00a0456\u2069", "123456"),
        (ReceiptCodeForm, "code", "7K3MQ\u20110ZT4V\u2011ABCDE\u201112345\u2011XYZ01", CODE),
        (ReceiptCodeForm, "code", f"https://{'a' * 60}.example/r/{CODE}/", CODE),
        (ChangeEmailForm, "email", "aminah@contoh.com\u200b", "aminah@contoh.com"),
        (DetailsForm, "postcode", "43\u00a0000", "43000"),
        (DetailsForm, "address_line_1", "No.\u00a012\u2013A", "No. 12-A"),
        (DetailsForm, "vehicle_number", "vab\u00a01234\u200e", "VAB 1234"),
        (PersonForm, "expiry_date", day("5", "Mac", "2028"), date(2028, 3, 5)),
        (PersonForm, "expiry_date", day("5", "Ogos", "2028"), date(2028, 8, 5)),
        (PersonForm, "expiry_date", day("5", "March", "2028"), date(2028, 3, 5)),
        (PersonForm, "expiry_date", day("\u200e5", "Sept.", "2028\u00a0"), date(2028, 9, 5)),
    ],
)
def test_it_is_kept_as_it_was_meant(form_class, name, typed, kept):
    assert cleaned(form_class, name, typed) == kept


def test_a_password_stays_as_it_is_sign_for_sign():
    assert (
        cleaned(PasswordForm, "password", "katak\u00a0\u2018lompat\u200e")
        == "katak\u00a0\u2018lompat\u200e"
    )


def test_no_form_or_field_reads_what_is_typed_in_its_own_way():
    kinds = list(forms_below(BaseForm))
    assert len(kinds) > 30
    for kind in kinds:
        assert getattr(kind, "bound_field_class", None) is None, kind
        for field in getattr(kind, "base_fields", {}).values():
            assert field.bound_field_class is None, (kind, field)
            assert type(field).get_bound_field is forms.Field.get_bound_field, (kind, field)


def test_of_all_spaces_dashes_and_unseen_signs_none_is_left():
    every = [chr(code) for code in range(0x110000)]
    spaces, unseen = (
        [sign for sign in every if unicodedata.category(sign) == kind] for kind in ("Zs", "Cf")
    )
    assert {plain(sign) for sign in spaces} == {" "}
    assert {plain(sign) for sign in unseen} == {""}
    assert {plain(sign) for sign in "‐‑‒–—―−－"} == {"-"}
    assert plain("kad 🚕 é") == "kad 🚕 é"


@pytest.mark.parametrize(
    ("kind", "words"),
    [
        ("ic_number", "\u200e850101\u201114\u20115523"),
        ("ic_number", "850101.14.5523"),
        ("phone", "\u202a+60\u00a012\u2011345 6789\u202c"),
        ("receipt", "SPS\u20112026\u201100001234\u200e"),
    ],
)
@pytest.mark.django_db
def test_the_desk_finds_by_what_was_copied(kind, words):
    assert understood(words).kind == kind


# --- months ---------------------------------------------------------------------------------
@pytest.mark.parametrize(
    ("names", "number"),
    [
        ("Januari JANUARY jan. Jan", "1"),
        ("Februari February feb", "2"),
        ("Mac March mar", "3"),
        ("April apr", "4"),
        ("Mei May", "5"),
        ("Jun June", "6"),
        ("Julai July jul", "7"),
        ("Ogos ogo August aug", "8"),
        ("September sept sep.", "9"),
        ("Oktober okt October oct", "10"),
        ("November nov", "11"),
        ("Disember dis December dec", "12"),
        ("ma ju j Mart Juni x 3 Septemberr", ""),
    ],
)
def test_a_month_is_known_by_its_names_and_what_is_left_of_them(names, number):
    assert {month_named(name) for name in names.split()} == {number}
