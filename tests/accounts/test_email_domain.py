"""An address that was probably meant otherwise is asked about, and never refused."""

import pytest
from django.http import QueryDict

from accounts.email_domain import meant
from accounts.forms.identity import ChangeEmailForm


@pytest.mark.parametrize(
    ("address", "other"),
    [
        ("ali@gmail.con", "ali@gmail.com"),
        ("ali@GMAIL.CON", "ali@gmail.com"),
        ("ali@gmial.con", "ali@gmail.com"),
        ("ali@gmail.co", "ali@gmail.com"),
        ("ali@yahoo.con.my", "ali@yahoo.com.my"),
        ("ali@syarikat.cmo", "ali@syarikat.com"),
        *(
            (f"ali@{right}", "")
            for right in ("gmail.com", "ymail.com", "yahoo.com.my", "upm.edu.my", "t.co", "con.com")
        ),
    ],
)
def test_what_was_probably_meant(address, other):
    assert meant(address) == other


def test_it_is_asked_about_once():
    form = ChangeEmailForm(QueryDict("email=ali@gmail.con"))
    assert not form.is_valid()
    assert form.errors.as_data()["email"][0].code == "doubtful"
    assert "Adakah anda maksudkan ali@gmail.com?" in str(form.errors["email"])
    hidden = str(form["asked_about"])
    assert 'type="hidden"' in hidden
    assert 'value="ali@gmail.con"' in hidden
    assert ChangeEmailForm(QueryDict("email=ali@gmail.con&asked_about=ali@gmail.con")).is_valid()


def test_another_doubtful_address_is_asked_about_again():
    form = ChangeEmailForm(QueryDict("email=ali@gmail.cmo&asked_about=ali@gmail.con"))
    assert not form.is_valid()
