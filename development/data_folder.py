"""Holds a data folder for one running copy at a time, and tells others what runs there."""

import fcntl
import json
import os
from collections.abc import Callable, Iterator, Mapping
from contextlib import contextmanager
from pathlib import Path

from development.processes import SetUpError

Note = Callable[[Mapping[str, str]], None]


@contextmanager
def in_use(data_dir: Path) -> Iterator[Note]:
    """Claims `data_dir`; yields a function that notes the environment of what runs there.

    Raises `SetUpError` when a copy runs there already.
    """
    descriptor = os.open(_file(data_dir), os.O_RDWR | os.O_CREAT, 0o600)
    with os.fdopen(descriptor, "w") as file:
        try:
            fcntl.flock(file, fcntl.LOCK_EX | fcntl.LOCK_NB)
        except BlockingIOError as error:
            raise SetUpError(
                f"A portal already runs on {data_dir}: stop it or set DATA_DIR to another folder."
            ) from error
        file.truncate()

        def note(environment: Mapping[str, str]) -> None:
            json.dump(dict(environment), file)
            file.flush()

        yield note


def noted(data_dir: Path) -> dict[str, str]:
    """The environment that a running copy noted in `data_dir`; empty when none runs there."""
    try:
        with _file(data_dir).open() as file:
            try:
                fcntl.flock(file, fcntl.LOCK_SH | fcntl.LOCK_NB)
            except BlockingIOError:
                return dict(json.loads(file.read() or "{}"))
    except FileNotFoundError:
        pass
    return {}


def _file(data_dir: Path) -> Path:
    return data_dir / "in-use"
