"""What the mail inbox shows of a mail."""

from email.message import EmailMessage

import pytest

from sandbox.letters import harmless, open_letter, with_links

A = '<a href="http://127.0.0.1:8000/a?b=1&amp;c=2" rel="noreferrer">'
A_QUOTED = '<a href="http://x/&quot;onclick=1" rel="noreferrer">'


@pytest.mark.parametrize(
    ("text", "shown"),
    [
        (
            "buka http://127.0.0.1:8000/a?b=1&c=2.",
            f"buka {A}http://127.0.0.1:8000/a?b=1&amp;c=2</a>.",
        ),
        ("<b>tebal</b>", "&lt;b&gt;tebal&lt;/b&gt;"),
        ("javascript:alert(1) www.example.com", "javascript:alert(1) www.example.com"),
        ("(https://x.my/)", '(<a href="https://x.my/" rel="noreferrer">https://x.my/</a>)'),
        ("", ""),
    ],
)
def test_web_addresses_become_links(text, shown):
    assert with_links(text) == shown


@pytest.mark.parametrize(
    ("html", "shown"),
    [
        ('klik <a href="http://127.0.0.1:8000/a?b=1&amp;c=2">disini</a>', f"klik {A}disini</a>"),
        ("<p onclick=x>Satu<br>dua</p>", "<p>Satu<br>dua</p>"),
        ("<script>alert('x')</script>teks", "teks"),
        ("<style>p{}</style><svg><a href='http://x/'>y</a></svg>teks", "teks"),
        ('<a href="javascript:alert(1)">x</a>', '<a rel="noreferrer">x</a>'),
        ('<img src="http://x/y.gif">', ""),
        ("<p><strong>terbuka", "<p><strong>terbuka</strong></p>"),
        ("</p>a < b", "<p></p>a &lt; b"),
        ("<ul><li>a</ul>b", "<ul><li>a</li></ul>b"),
        ("<a href='http://x/\"onclick=1'>x</a>", f"{A_QUOTED}x</a>"),
    ],
)
def test_html_is_made_harmless(html, shown):
    assert harmless(html) == shown


def test_a_mail_is_taken_apart():
    mail = EmailMessage()
    mail["Subject"], mail["From"] = "Resit", "Portal <jangan-balas@localhost>"
    mail.set_content("Teks")
    mail.add_alternative("<p>HTML</p>", subtype="html")
    mail.add_attachment(b"%PDF-1.7", maintype="application", subtype="pdf", filename="resit.pdf")
    content = open_letter(mail.as_bytes())
    assert (content.text.strip(), content.html.strip()) == ("Teks", "<p>HTML</p>")
    (file,) = content.attachments
    assert (file.name, file.media_type, file.content) == (
        "resit.pdf",
        "application/pdf",
        b"%PDF-1.7",
    )


def test_a_mail_without_parts_is_shown_too():
    content = open_letter(b"Subject: x\r\n\r\nTeks\r\n")
    assert (content.text.strip(), content.html, content.attachments) == ("Teks", "", [])
