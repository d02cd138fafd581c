"""One running copy for each data folder."""

import pytest

from development.data_folder import in_use, noted
from development.processes import SetUpError


def test_a_second_copy_is_refused(tmp_path):
    with in_use(tmp_path), pytest.raises(SetUpError, match="already runs"), in_use(tmp_path):
        pass


def test_what_runs_there_is_told_while_it_runs(tmp_path):
    assert noted(tmp_path) == {}
    with in_use(tmp_path) as note:
        assert noted(tmp_path) == {}
        note({"REDIS_URL": "unix:///here"})
        assert noted(tmp_path) == {"REDIS_URL": "unix:///here"}
    assert noted(tmp_path) == {}


def test_the_note_of_a_killed_copy_does_not_count(tmp_path):
    (tmp_path / "in-use").write_text('{"REDIS_URL": "unix:///gone"}')
    assert noted(tmp_path) == {}
    with in_use(tmp_path):
        assert noted(tmp_path) == {}
