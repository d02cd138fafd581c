"""The environment that settings are read from: `NAME`, or the file that `NAME_FILE` names.

Engines hand secrets over as files. Whoever wrote one with an editor ended it with a line break,
which is no part of the secret.
"""

from environ import Env
from environ.fileaware_mapping import FileAwareMapping


class _Environment(FileAwareMapping):  # type: ignore[misc]
    def __getitem__(self, key: str) -> str:
        return str(super().__getitem__(key)).rstrip("\r\n")


class _Env(Env):  # type: ignore[misc]
    ENVIRON = _Environment()


env = _Env()
