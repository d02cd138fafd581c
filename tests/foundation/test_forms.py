"""How forms are drawn, and the three boxes of a day."""

from datetime import date

import pytest
from django import forms
from django.template.loader import render_to_string

from foundation.forms import CardLabel, DayMonthYearField, PortalForm


class ExampleForm(PortalForm):
    name = forms.CharField(label="Nama", help_text="Seperti pada kad")
    kind = forms.ChoiceField(
        label="Jenis",
        choices=[("taxi", CardLabel("Teksi", "Bajet")), ("bus", "Bas")],
        widget=forms.RadioSelect,
    )
    expires = DayMonthYearField(label="Tarikh tamat")


def day(value):
    day, month, year = value
    return {
        "name": "A",
        "kind": "taxi",
        "expires_day": day,
        "expires_month": month,
        "expires_year": year,
    }


def test_an_error_stands_beside_its_field_and_in_the_summary():
    form = ExampleForm({})
    html = "".join(field.as_field_group() for field in form)
    assert 'aria-describedby="id_name_helptext id_name_error"' in html
    assert 'aria-invalid="true"' in html
    summary = render_to_string("components/error_summary.html", {"form": form})
    assert 'role="alert"' in summary
    assert 'href="#id_name"' in summary
    assert 'href="#id_expires_0"' in summary
    assert 'id="id_expires_0"' in html


def test_no_field_is_checked_by_the_browser():
    html = "".join(field.as_field_group() for field in ExampleForm())
    assert " required" not in html
    assert "placeholder" not in html


def test_radios_are_cards_with_sub_text():
    html = ExampleForm()["kind"].as_field_group()
    assert "<legend" in html
    assert "<small>Bajet</small>" in html


@pytest.mark.parametrize(
    ("value", "wanted"),
    [
        (("5", "3", "2028"), date(2028, 3, 5)),
        ((" 29", "2 ", "2028"), date(2028, 2, 29)),
    ],
)
def test_a_day_is_read(value, wanted):
    form = ExampleForm(day(value))
    assert form.is_valid(), form.errors
    assert form.cleaned_data["expires"] == wanted


@pytest.mark.parametrize(
    ("value", "code"),
    [
        (("", "", ""), "required"),
        (("5", "", "2028"), "invalid"),
        (("30", "2", "2028"), "invalid"),
        (("5", "3", "0"), "invalid"),
        (("lima", "3", "2028"), "invalid"),
        (("٥", "3", "2028"), "invalid"),
        (("5", "3", "999999"), "invalid"),
        (("5", "3", "9" * 5000), "invalid"),
    ],
)
def test_a_wrong_day_has_its_error(value, code):
    form = ExampleForm(day(value))
    assert [error.code for error in form.errors.as_data()["expires"]] == [code]


@pytest.mark.parametrize(
    ("value", "box"),
    [
        (("", "", ""), 0),
        (("5", "", ""), 1),
        (("5", "tiga", "2028"), 1),
        (("5", "mac", ""), 2),
        (("32", "3", "2028"), 0),
        (("31", "2", "2028"), 0),
        (("5", "13", "2028"), 1),
        (("5", "3", "9" * 5000), 2),
    ],
)
def test_the_summary_leads_to_the_first_wrong_box_of_a_day(value, box):
    form = ExampleForm(day(value))
    summary = render_to_string("components/error_summary.html", {"form": form})
    assert f'href="#id_expires_{box}"' in summary


def test_what_was_typed_stays():
    html = ExampleForm(day(("31", "2", "2028")))["expires"].as_field_group()
    assert 'value="31"' in html
    assert 'value="2028"' in html
