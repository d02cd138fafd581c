"""`make test`: what it runs, and in which environment."""

from development import check


def test_bytecode_is_kept_between_the_processes_of_a_run(monkeypatch, capfd):
    monkeypatch.setenv(check.NO_BYTECODE, "1")
    assert check.passes(["python", "-c", "import sys; print(sys.dont_write_bytecode)"])
    assert "False" in capfd.readouterr().out
