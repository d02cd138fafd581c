#!/bin/sh
# django-pgtrigger 4.17 (Django 5.2), the statement read by PostgreSQL's own parser (pglast 8).
# A free condition is wrapped in the parentheses that WHEN asks for only if it does not begin with
# one: `OLD.a = 1 OR OLD.b = 1` becomes WHEN (OLD.a = 1 OR OLD.b = 1), but `(OLD.a, OLD.b) IS DISTINCT
# FROM (NEW.a, NEW.b)` and `(OLD.a = 1) OR (OLD.b = 1)` stay bare, which is a syntax error that comes
# only at migrate. Put parentheses around the whole yourself.
# Seen: plain "parses", row "syntax error", or "syntax error", wrapped "parses", then "as found".
set -eu
work=$(mktemp -d)
trap 'rm -rf "$work"' EXIT
python3 -m venv "$work/venv"
"$work/venv/bin/pip" install --quiet "django-pgtrigger==4.17.*" "django==5.2.*" "psycopg[binary]==3.3.*" "pglast==8.*"
"$work/venv/bin/python" - <<'PY'
import sys

import django
from django.conf import settings

settings.configure(
    INSTALLED_APPS=["pgtrigger"],
    DATABASES={"default": {"ENGINE": "django.db.backends.postgresql", "NAME": "none"}},
)
django.setup()
import pglast
import pgtrigger
from django.db import models


class Pair(models.Model):
    a, b = models.IntegerField(null=True), models.IntegerField(null=True)

    class Meta:
        app_label = "pairs"


def verdict(condition):
    trigger = pgtrigger.Protect(
        name="kept", operation=pgtrigger.Update, condition=pgtrigger.Condition(condition)
    )
    try:
        pglast.parse_sql(trigger.compile(Pair).install_sql)
    except pglast.parser.ParseError:
        return "syntax error"
    return "parses"


ROW = "(OLD.a, OLD.b) IS DISTINCT FROM (NEW.a, NEW.b)"
seen = {
    "plain": verdict("OLD.a = 1 OR OLD.b = 1"),
    "row": verdict(ROW),
    "or": verdict("(OLD.a = 1) OR (OLD.b = 1)"),
    "wrapped": verdict(f"({ROW})"),
}
for name, found in seen.items():
    print(f"{name}: {found}")
is_found = list(seen.values()) == ["parses", "syntax error", "syntax error", "parses"]
print("as found" if is_found else "changed")
sys.exit(not is_found)
PY
