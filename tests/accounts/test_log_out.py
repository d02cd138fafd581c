"""The way out, and the page for whoever sees another's phrase."""

from tests.accounts.pages import lands
from tests.factories import make_user


def test_it_ends_the_session(client, db):
    client.force_login(make_user())
    response = client.post("/log-keluar/", follow=True)
    assert response.redirect_chain == [("/", 302)]
    assert "_auth_user_id" not in client.session
    assert "Anda telah log keluar" in response.text


def test_a_get_does_not(client, db):
    client.force_login(make_user())
    assert client.get("/log-keluar/").status_code == 405
    assert "_auth_user_id" in client.session


def test_whose_session_has_ended_is_out_too(client, db):
    assert lands(client.post("/log-keluar/"), "/")


def test_whoever_sees_anothers_phrase_is_told_what_to_do(client, db):
    page = client.get("/log-masuk/bukan-ungkapan-saya/").text
    assert "<h1>Ini bukan ungkapan saya</h1>" in page
    assert "Jangan masukkan Kata Laluan anda." in page
    assert 'href="/hubungi/"' in page
