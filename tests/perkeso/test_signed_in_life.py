"""How long somebody stays signed in: twelve hours at most, however busy he is."""

from datetime import timedelta

import pytest

from accounts.models import Session
from tests.accounts.pages import know, lands
from tests.factories import PASSWORD, make_user

HALF_AN_HOUR = timedelta(minutes=29)


@pytest.fixture
def aminah(client, db, clock):
    aminah = make_user()
    know(client, aminah)
    client.post("/log-masuk/", {"ic_number": aminah.ic_number})
    client.post("/log-masuk/kata-laluan/", {"password": PASSWORD})
    return aminah


def test_half_an_hour_unused_ends_it_and_each_page_moves_that(client, aminah, clock, at, settings):
    """A minute more, by which the renewing may lag."""
    half = timedelta(minutes=31)
    session = Session.objects.get(user_id=aminah.pk)
    assert session.expire_date == at + half
    assert client.cookies[settings.SESSION_COOKIE_NAME]["max-age"] == half.total_seconds()
    clock.shift(HALF_AN_HOUR)
    client.get("/caruman/")
    session.refresh_from_db()
    assert session.expire_date == at + HALF_AN_HOUR + half
    clock.shift(half)
    assert lands(client.get("/caruman/"), "/log-masuk/?next=/caruman/")


def test_who_is_busy_stays_for_twelve_hours_and_comes_back_to_his_page(client, aminah, clock):
    for _page in range(24):
        clock.shift(HALF_AN_HOUR)
        assert client.get("/caruman/").status_code == 200
    clock.shift(HALF_AN_HOUR)
    over = client.get("/caruman/", follow=True)
    assert over.redirect_chain == [("/log-masuk/?next=/caruman/", 302)]
    assert "Sesi anda telah tamat selepas 12 jam. Log masuk semula" in over.text
    assert client.session["next"] == "/caruman/"
