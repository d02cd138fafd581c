"""Settings come from the environment, or from files that it names."""

import pytest

from perkeso.environment import env

KEY = "AAECAwQFBgcICQoLDA0ODxAREhMUFRYXGBkaGxwdHh8="


@pytest.mark.parametrize("end", ["", "\n", "\r\n"])
def test_a_secret_may_be_a_file_however_it_ends(monkeypatch, tmp_path, end):
    file = tmp_path / "kunci"
    file.write_bytes(f"{KEY}{end}".encode())
    monkeypatch.setenv(f"UJIAN{len(end)}_FILE", str(file))
    assert env.str(f"UJIAN{len(end)}") == KEY


def test_a_line_break_within_a_secret_stays(monkeypatch, tmp_path):
    (tmp_path / "sijil").write_text("satu\ndua\n")
    monkeypatch.setenv("BERBARIS_FILE", str(tmp_path / "sijil"))
    assert env.str("BERBARIS") == "satu\ndua"


def test_without_a_file_the_variable_counts(monkeypatch):
    monkeypatch.setenv("BIASA", "nilai")
    assert env.str("BIASA") == "nilai"
