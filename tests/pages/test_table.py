"""The table of pages names every url of the portal."""

from django.urls import URLResolver, get_resolver

from tests.pages.table import PAGES

UNNAMED = {"admin:"}  # Django's own redirects and its catch-all


def names(resolver, namespace=()):
    """Every url name of the urlconf."""
    for entry in resolver.url_patterns:
        if isinstance(entry, URLResolver):
            inner = (*namespace, entry.namespace) if entry.namespace else namespace
            yield from names(entry, inner)
        else:
            yield ":".join((*namespace, entry.name or ""))


def test_every_url_has_a_row():
    """Add the missing ones to tests/pages/table.py."""
    assert sorted(set(names(get_resolver())) - UNNAMED - set(PAGES)) == []


def test_the_table_names_no_ghost():
    assert sorted(set(PAGES) - set(names(get_resolver()))) == []
