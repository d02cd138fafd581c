"""The proxy that stands before the portal on the internet, as tests start it here."""

import shutil
import subprocess
from pathlib import Path

from development.processes import SetUpError


def program(folder: Path) -> str:
    """Where it is; else Debian's is unpacked into `folder`, and nothing is installed or started.

    Raises `SetUpError` when there is none to be had.
    """
    if found := shutil.which("nginx", path="/usr/sbin:/usr/bin:/usr/local/sbin:/usr/local/bin"):
        return found
    try:
        package = _package(folder)
        subprocess.run(["dpkg", "-x", package, folder], check=True)
    except (OSError, subprocess.CalledProcessError, ValueError) as error:
        raise SetUpError("Install nginx.") from error
    return str(folder / "usr/sbin/nginx")


def _package(folder: Path) -> Path:
    """Debian's, fetched; a machine that has never looked at the list of packages looks first."""
    fetch = ["apt-get", "download", "-q", "nginx"]
    if subprocess.run(fetch, cwd=folder, capture_output=True, check=False).returncode:
        subprocess.run(["apt-get", "update", "-q"], capture_output=True, check=True)
        subprocess.run(fetch, cwd=folder, capture_output=True, check=True)
    [package] = folder.glob("nginx_*.deb")
    return package
