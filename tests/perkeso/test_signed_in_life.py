"""How long somebody stays signed in: twelve hours at most, however busy he is."""

from datetime import timedelta

import pytest
import time_machine

from tests.accounts.pages import know
from tests.factories import PASSWORD, make_user

HALF_AN_HOUR = timedelta(minutes=29)


@pytest.fixture
def clock(at):
    with time_machine.travel(at, tick=False) as clock:
        yield clock


@pytest.fixture
def aminah(client, db, clock):
    aminah = make_user()
    know(client, aminah)
    client.post("/log-masuk/", {"ic_number": aminah.ic_number})
    client.post("/log-masuk/kata-laluan/", {"password": PASSWORD})
    return aminah


def test_who_is_busy_stays_for_twelve_hours_and_comes_back_to_his_page(client, aminah, clock):
    for _page in range(24):
        clock.shift(HALF_AN_HOUR)
        assert client.get("/caruman/").status_code == 200
    clock.shift(HALF_AN_HOUR)
    over = client.get("/caruman/", follow=True)
    assert over.redirect_chain == [("/log-masuk/?next=/caruman/", 302)]
    assert "Sesi anda telah tamat selepas 12 jam. Log masuk semula" in over.text
    assert client.session["next"] == "/caruman/"
