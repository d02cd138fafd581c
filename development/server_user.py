"""Who runs the database and the broker, and where they may write.

PostgreSQL refuses to run as root, so root runs the servers as `nobody`, who cannot enter a closed
folder such as /root: there, data and programs lie outside the checkout.
"""

import os
import pwd
import shutil
import tempfile
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

OUTSIDE = Path("/var/lib/perkeso-development")


def server_user() -> pwd.struct_passwd | None:
    """The user that the servers run as, or None when they may run as we do."""
    return pwd.getpwnam("nobody") if os.geteuid() == 0 else None


def is_open(path: Path) -> bool:
    """Whether the servers' user can come through to `path`."""
    if server_user() is None:
        return True
    return all(p.stat().st_mode & 0o001 for p in [path, *path.parents])


def server_folder(data_dir: Path, name: str) -> Path:
    """The servers' own folder `name` in `data_dir`: a link to one outside where that is closed."""
    folder = data_dir / name
    if not folder.exists():
        folder.unlink(missing_ok=True)  # a link whose target has been removed
        if is_open(data_dir):
            folder.mkdir(mode=0o700)
        else:
            OUTSIDE.mkdir(mode=0o711, exist_ok=True)
            folder.symlink_to(tempfile.mkdtemp(prefix=f"{name}-", dir=OUTSIDE))
    give(folder.resolve())
    return folder.resolve()


def give(path: Path) -> None:
    """Makes the servers' user the owner of `path`."""
    if user := server_user():
        os.chown(path, user.pw_uid, user.pw_gid)


@contextmanager
def short_folder() -> Iterator[Path]:
    """A folder with a short path (a socket's may have 107 bytes), gone afterwards."""
    folder = Path(tempfile.mkdtemp(prefix="perkeso-", dir="/tmp"))
    give(folder)
    try:
        yield folder
    finally:
        shutil.rmtree(folder, ignore_errors=True)
