"""The mail server and its inbox."""

from email.message import EmailMessage

import pytest

LINK = "http://127.0.0.1:8000/akaun/aktifkan/abc?x=1&y=2"


@pytest.fixture
def mail():
    mail = EmailMessage()
    mail["Subject"] = "Aktifkan akaun anda – segera"
    mail["From"], mail["To"] = "Portal <jangan-balas@localhost>", "aminah@example.com"
    mail.set_content(f"Sila klik disini atau buka {LINK}.\n")
    return mail


def newest(world, to="aminah@example.com"):
    return world.get("/mail/api/inbox", params={"to": to}).json()["letters"][0]


def test_a_mail_arrives(world, mail):
    world.send_mail(mail)
    letter = newest(world)
    assert letter["subject"] == "Aktifkan akaun anda – segera"
    page = world.get("/mail/?to=aminah@example.com").text
    assert f'<a href="/mail/{letter["id"]}/">Aktifkan akaun anda – segera</a>' in page


def test_the_newest_comes_first(world, mail):
    world.send_mail(mail)
    del mail["Subject"]
    mail["Subject"] = "Kedua"
    world.send_mail(mail)
    assert newest(world)["subject"] == "Kedua"


def test_an_address_sees_only_its_own(world, mail):
    world.send_mail(mail)
    assert "Aktifkan" not in world.get("/mail/?to=boon@example.com").text


def test_the_bare_address_is_a_link(world, mail):
    world.send_mail(mail)
    page = world.get(f"/mail/{newest(world)['id']}/").text
    address = LINK.replace("&", "&amp;")
    assert f'<a href="{address}" rel="noreferrer">{address}</a>.' in page


def test_the_word_is_a_link(world, mail):
    mail.add_alternative(f'<p>Sila klik <a href="{LINK}">disini</a></p>', subtype="html")
    world.send_mail(mail)
    page = world.get(f"/mail/{newest(world)['id']}/").text
    assert f'<a href="{LINK.replace("&", "&amp;")}" rel="noreferrer">disini</a>' in page
    assert "Versi teks" in page


def test_an_attachment_can_be_kept(world, mail):
    content = b"%PDF-1.7" + bytes(range(256)) * 300
    mail.add_attachment(content, maintype="application", subtype="pdf", filename='r"é.pdf')
    world.send_mail(mail)
    letter = newest(world)["id"]
    assert f'href="/mail/{letter}/1/"' in world.get(f"/mail/{letter}/").text
    answer = world.get(f"/mail/{letter}/1/")
    assert answer.content == content
    assert answer.headers["Content-Type"] == "application/pdf"
    assert answer.headers["Content-Disposition"] == 'attachment; filename="r__.pdf"'


@pytest.mark.parametrize("path", ["/mail/999999/", "/mail/1/9/", "/mail/999999/1/"])
def test_what_is_not_there_is_not_found(world, mail, path):
    world.send_mail(mail)
    answer = world.get(path)
    assert answer.status_code == 404
    assert "Halaman tidak dijumpai" in answer.text
