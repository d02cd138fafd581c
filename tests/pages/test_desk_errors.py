"""What goes wrong at the desk is told in the desk's frame, and leads back to the desk."""

import re

import pytest

from tests.pages.errors import AT_THE_DESK, gone_wrong

pytestmark = pytest.mark.django_db


@pytest.mark.parametrize(
    ("status", "act"), AT_THE_DESK, ids=lambda one: getattr(one, "__name__", one)
)
def test_it_stays_at_the_desk(status, act):
    with gone_wrong(act) as (_client, page):
        assert page.status_code == status
        main = re.search(r'<div id="content".*', page.text, re.DOTALL)[0]
        assert re.findall(r'href="([^"]*)"', main) == ["/staf/"]
        assert re.search(r"<h1>[^<]+</h1>", main)
        assert '<div id="site-name"><a href="/staf/">Meja pegawai</a></div>' in page.text
        assert "css/portal.css" not in page.text
