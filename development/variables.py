"""The environment variables that the portal and the outside world read."""

import re
from pathlib import Path

ROOT = Path(__file__).resolve().parent.parent
_READ = re.compile(r"""(?:env\.\w+\(|environ(?:\.get\(|\[)|getenv\()\s*["']([A-Z][A-Z0-9_]*)["']""")


def settings_variables() -> set[str]:
    """What the portal's settings read."""
    return _read_by(ROOT / "perkeso" / "settings.py")


def sandbox_variables() -> set[str]:
    """What the outside world reads."""
    return set().union(*(_read_by(path) for path in (ROOT / "sandbox").rglob("*.py")))


def _read_by(path: Path) -> set[str]:
    return set(_READ.findall(path.read_text()))
