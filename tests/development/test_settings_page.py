"""docs/settings.md names what the settings read, all of it, with the defaults that hold."""

import re

import pytest

from development.variables import ROOT, settings_defaults, settings_variables

_ROW = re.compile(r"^\| (?:\*\*)?`([A-Z0-9_]+)`(?:\*\*)? \| (.+?) \| .+ \|$", re.MULTILINE)
ROWS = dict(_ROW.findall((ROOT / "docs" / "settings.md").read_text()))


def test_each_variable_stands_there_once():
    assert set(ROWS) == settings_variables()
    assert len(ROWS) == len(_ROW.findall((ROOT / "docs" / "settings.md").read_text()))


@pytest.mark.parametrize(("name", "default"), settings_defaults().items())
def test_its_default_is_the_one_that_holds(name, default):
    """Of those that are written plainly in the settings."""
    assert ROWS[name] == (f"`{default}`" if default != "" else "none")
