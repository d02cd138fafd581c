"""Mails from templates, in the reader's language."""

import pytest
from django.template import engines

from foundation import mail
from tests.factories import AT, make_user


@pytest.fixture
def letters(settings):
    """Two templates of a letter, one of them with an HTML part."""
    texts = {
        "letter_subject.txt": "{% load i18n %}{% translate 'Kembali' %}\n",
        "letter.txt": "{{ portal_url }} {{ name }}",
        "letter.html": "<p>{{ name }}</p>",
        "note_subject.txt": "Nota",
        "note.txt": "{{ name }}",
        "mail/letter.html": "{{ title }}: {% for one in paragraphs %}{{ one.0.words }}{% endfor %}",
    }
    settings.TEMPLATES = [
        {
            "BACKEND": "django.template.backends.django.DjangoTemplates",
            "OPTIONS": {"loaders": [("django.template.loaders.locmem.Loader", texts)]},
        }
    ]
    yield
    engines._engines.clear()


def test_a_mail_has_text_and_html(letters, mailoutbox, settings):
    mail.send("a@contoh.my", "letter", {"name": "A'in"}, language="ms")
    (sent,) = mailoutbox
    assert sent.subject == "Kembali"
    assert sent.body.startswith(settings.PORTAL_URL)
    assert sent.alternatives[0].content == "<p>A&#x27;in</p>"


def test_a_mail_without_html_of_its_own_has_its_text_as_html(letters, mailoutbox):
    mail.send(
        "a@contoh.my",
        "note",
        {"name": "A"},
        language="ms",
        attachments=[("a.pdf", b"%PDF", "application/pdf")],
    )
    (sent,) = mailoutbox
    assert sent.alternatives[0].content == "Nota: A"
    assert sent.attachments[0].filename == "a.pdf"


REMINDER = "Salam <b>A'in</b>,\n\nTamat esok.\n\nPerbaharui di sini:\n{0}/a/\n\nSemak: {0}/b/\n"


def test_the_first_address_is_a_button_and_the_rest_are_links(settings):
    ours = settings.PORTAL_URL
    read = [
        [(line.words, line.url.removeprefix(ours), line.is_button) for line in lines]
        for lines in mail.paragraphs(REMINDER.format(ours))
    ]
    assert read == [
        [("Salam <b>A'in</b>,", "", False)],
        [("Tamat esok.", "", False)],
        [("Perbaharui di sini:", "", False), ("", "/a/", True)],
        [("Semak:", "/b/", False)],
    ]


@pytest.mark.parametrize("address", ["http://jahat.example/", "javascript:alert(1)"])
def test_another_address_is_no_link(settings, address):
    for there in (address, f"{settings.PORTAL_URL}.jahat.example/"):
        assert [line.url for (line,) in mail.paragraphs(f"Buka {there}")] == [""]


@pytest.mark.parametrize(
    ("language", "words"),
    [("ms", ("Buka halaman", "Perlukan bantuan?")), ("en", ("Open the page", "Need help?"))],
)
def test_a_real_mail_has_a_button_and_a_line_of_help(db, mailoutbox, language, words):
    user = make_user("A'in <b>", language=language)
    context = {"user": user, "at": AT}
    mail.send(user.email, "accounts/mail/new_device", context, language=language)
    (html,) = [part.content for part in mailoutbox[0].alternatives]
    assert f'<html lang="{language}">' in html
    assert "A&#x27;in &lt;b&gt;" in html
    assert "<b>" not in html
    assert all(word in html for word in words)


def test_a_subject_is_one_line(letters, mailoutbox):
    mail.send("a@contoh.my", "letter", {"name": "A"}, language="ms")
    assert "\n" not in mailoutbox[0].subject
