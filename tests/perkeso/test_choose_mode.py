"""The mode page, at every log-in."""

import pytest
from django.urls import reverse

from accounts.http.session import Facts
from tests.factories import make_user
from tests.reading import in_one_line

URL = reverse("choose_mode")
DASHBOARD = reverse("dashboard")


@pytest.fixture
def signed_in(client, db):
    client.force_login(make_user())
    return client


def test_choose_mode_offers_a_button(signed_in):
    page = in_one_line(signed_in.get(URL).text)
    assert 'name="mode" value="self_employed">Saya bekerja sendiri</button>' in page
    assert page.count("<h1") == 1


def test_choose_mode_keeps_it_in_the_session_and_goes_to_the_dashboard(signed_in):
    answer = signed_in.post(URL, {"mode": "self_employed"})
    assert (answer.status_code, answer["Location"]) == (302, DASHBOARD)
    assert Facts(signed_in.session).mode == "self_employed"


def test_choose_mode_goes_where_he_wanted_to_go(signed_in):
    session = signed_in.session
    Facts(session).next = "/resit/"
    session.save()
    assert signed_in.post(URL, {"mode": "self_employed"})["Location"] == "/resit/"
    assert signed_in.post(URL, {"mode": "self_employed"})["Location"] == DASHBOARD


@pytest.mark.parametrize(
    ("typed", "code"), [({}, "required"), ({"mode": "employer"}, "invalid_choice")]
)
def test_choose_mode_asks_for_a_mode(signed_in, typed, code):
    answer = signed_in.post(URL, typed)
    assert answer.context["form"].errors.as_data()["mode"][0].code == code
    assert answer.text.count("Pilih mod anda") == 2
    assert Facts(signed_in.session).mode is None


def test_choosing_is_a_post(signed_in):
    signed_in.get(URL, {"mode": "self_employed"})
    assert Facts(signed_in.session).mode is None


def test_choose_mode_is_shown_again_after_a_choice(signed_in):
    signed_in.post(URL, {"mode": "self_employed"})
    assert signed_in.get(URL).status_code == 200


def test_choose_mode_is_closed(client, db):
    assert reverse("accounts:log_in") in client.get(URL)["Location"]


def test_choose_mode_asks_little(signed_in, django_assert_max_num_queries):
    signed_in.get(URL)
    with django_assert_max_num_queries(6):
        assert len(signed_in.get(URL).content) < 20_000
