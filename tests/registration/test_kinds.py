"""The table of document kinds: complete over the enum, and each kind gets through every page."""

import pytest

from registration.eligibility import SENTENCES
from registration.kinds import KINDS, LICENCE
from registration.models import DocumentKind, Region, Sector


def test_the_table_has_every_kind():
    assert set(KINDS) == set(DocumentKind.values)


@pytest.mark.parametrize("kind", DocumentKind)
def test_a_kind_has_its_words(kind):
    row = KINDS[kind]
    assert all((row.label, row.name, row.number))
    assert row.expired in SENTENCES
    assert row.not_here in SENTENCES


@pytest.mark.parametrize("kind", DocumentKind)
def test_a_kind_counts_somewhere_and_the_licence_everywhere(kind):
    counts = KINDS[kind].counts
    assert bool(counts) == (kind != LICENCE)
    for where in counts:
        assert set(where.sectors) <= set(Sector.values)
        assert set(where.regions) <= set(Region.values)
