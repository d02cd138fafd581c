"""Prints this Python's version, then which of Debian's packages the machine lacks.

Runs before anything is installed: `machine.py` for `make run`, with the argument `test` or `proof`
for what the tests need besides. A Python that the packages are not locked for ends with status 1.
"""

import ctypes
import shutil
import sys

LIBRARIES = {
    "libgobject-2.0.so.0": "libpango-1.0-0",
    "libpango-1.0.so.0": "libpango-1.0-0",
    "libharfbuzz.so.0": "libpango-1.0-0",
    "libfontconfig.so.1": "libpango-1.0-0",
    "libpangoft2-1.0.so.0": "libpangoft2-1.0-0",
    "libharfbuzz-subset.so.0": "libharfbuzz-subset0",
}
TEST_LIBRARIES = {"libatomic.so.1": "libatomic1"}  # of Playwright's own Node
PROGRAMS = {"chromium": "chromium", "msgfmt": "gettext"}


def missing_packages(for_tests: bool) -> list[str]:
    """The packages that bring what is not there."""
    missing = set()
    try:
        import ensurepip  # noqa: F401, PLC0415
        import venv  # noqa: F401, PLC0415
    except ImportError:
        missing.add("python3-venv")
    if sys.platform.startswith("linux"):
        libraries = LIBRARIES | (TEST_LIBRARIES if for_tests else {})
        missing |= {package for name, package in libraries.items() if not _loads(name)}
    if for_tests:
        missing |= {package for name, package in PROGRAMS.items() if not shutil.which(name)}
    return sorted(missing)


def _loads(name: str) -> bool:
    try:
        ctypes.CDLL(name)
    except OSError:
        return False
    return True


if __name__ == "__main__":
    if not (3, 11) <= sys.version_info < (3, 15):
        sys.exit(1)
    for_tests = not {"test", "proof"}.isdisjoint(sys.argv[1:])
    print("{}.{}.{}".format(*sys.version_info[:3]), *missing_packages(for_tests))
