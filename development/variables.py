"""The environment variables that the portal and the outside world read."""

import ast
import re
from pathlib import Path
from typing import Any

ROOT = Path(__file__).resolve().parent.parent
_READ = re.compile(r"""(?:env\.\w+\(|environ(?:\.get\(|\[)|getenv\()\s*["']([A-Z][A-Z0-9_]*)["']""")


def settings_variables() -> set[str]:
    """What the portal's settings read."""
    return _read_by(ROOT / "perkeso" / "settings.py")


def settings_defaults() -> dict[str, Any]:
    """Those that are written as plain values: what holds where the environment says nothing."""
    tree = ast.parse((ROOT / "perkeso" / "settings.py").read_text())
    calls = [node for node in ast.walk(tree) if isinstance(node, ast.Call) and len(node.args) == 2]
    read = [call.args for call in calls if ast.unparse(call.func).startswith("env.")]
    plain = [args for args in read if all(isinstance(arg, ast.Constant) for arg in args)]
    return {ast.literal_eval(name): ast.literal_eval(default) for name, default in plain}


def sandbox_variables() -> set[str]:
    """What the outside world reads."""
    return set().union(*(_read_by(path) for path in (ROOT / "sandbox").rglob("*.py")))


def _read_by(path: Path) -> set[str]:
    return set(_READ.findall(path.read_text()))
