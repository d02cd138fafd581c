"""What browsers are called."""

import pytest

from accounts.browser import browser_name

ANDROID = "Mozilla/5.0 (Linux; Android 13; SM-A135F) AppleWebKit/537.36 (KHTML, like Gecko) "
IPHONE = "Mozilla/5.0 (iPhone; CPU iPhone OS 17_5 like Mac OS X) AppleWebKit/605.1.15 "


@pytest.mark.parametrize(
    ("user_agent", "name"),
    [
        (ANDROID + "Chrome/141.0 Mobile Safari/537.36", "Chrome, Android"),
        (
            ANDROID + "SamsungBrowser/28.0 Chrome/130 Mobile",
            "Samsung Internet, Android",
        ),
        (IPHONE + "Version/17.5 Mobile/15E148 Safari/604.1", "Safari, iPhone"),
        (IPHONE + "CriOS/141.0 Mobile/15E148 Safari/604.1", "Chrome, iPhone"),
        ("Mozilla/5.0 (Windows NT 10.0) Gecko/20100101 Firefox/143.0", "Firefox, Windows"),
        ("Mozilla/5.0 (Windows NT 10.0) Chrome/141.0 Safari/537.36 Edg/141.0", "Edge, Windows"),
        ("Mozilla/5.0 (Macintosh; Intel Mac OS X 14) Version/17 Safari/605", "Safari, Mac"),
        ("Mozilla/5.0 (X11; Linux x86_64)", "Linux"),
        ("<script>", ""),
        ("", ""),
    ],
)
def test_a_browser_has_a_name(user_agent, name):
    assert browser_name(user_agent) == name
