"""Mails from templates, in the reader's language."""

import pytest
from django.template import engines

from foundation import mail


@pytest.fixture
def letters(settings):
    """Two templates of a letter, one of them with an HTML part."""
    texts = {
        "letter_subject.txt": "{% load i18n %}{% translate 'Kembali' %}\n",
        "letter.txt": "{{ portal_url }} {{ name }}",
        "letter.html": "<p>{{ name }}</p>",
        "note_subject.txt": "Nota",
        "note.txt": "{{ name }}",
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


def test_a_mail_without_html_is_plain(letters, mailoutbox):
    mail.send(
        "a@contoh.my",
        "note",
        {"name": "A"},
        language="ms",
        attachments=[("a.pdf", b"%PDF", "application/pdf")],
    )
    (sent,) = mailoutbox
    assert not sent.alternatives
    assert sent.attachments[0].filename == "a.pdf"


def test_a_subject_is_one_line(letters, mailoutbox):
    mail.send("a@contoh.my", "letter", {"name": "A"}, language="ms")
    assert "\n" not in mailoutbox[0].subject
