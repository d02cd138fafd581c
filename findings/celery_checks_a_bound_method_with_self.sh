#!/bin/sh
# Celery 5.7: a bound method becomes a task that runs when it is called or applied in place, and that
# a worker would run. `apply_async` (and so `delay`, and the clock, which sends by it) refuses it all
# the same: the arguments are checked against the method's function, which still wants `self`.
# `send_task` with the task's name does not check and goes through. Register a plain function instead,
# or `typing=False`.
# Seen: called "acted", applied "acted", apply_async "missing 1 required positional argument: 'self'",
# sent by name "sent", untyped "sent", then "as found".
set -eu
work=$(mktemp -d)
trap 'rm -rf "$work"' EXIT
python3 -m venv "$work/venv"
"$work/venv/bin/pip" install --quiet "celery==5.7.*"
"$work/venv/bin/python" - <<'PY'
import sys

from celery import Celery

app = Celery("clock", broker="memory://")


class Act:
    def run_now(self):
        return "acted"


def said(act):
    try:
        act()
    except TypeError as error:
        return str(error).partition("() ")[2]
    return "sent"


task = app.task(Act().run_now, name="act")
untyped = app.task(Act().run_now, name="untyped", typing=False)
seen = {
    "called": task(),
    "applied": task.apply().get(),
    "apply_async": said(task.apply_async),
    "sent by name": said(lambda: app.send_task("act")),
    "untyped": said(untyped.apply_async),
}
for name, what in seen.items():
    print(f"{name}: {what}")
expected = {
    "called": "acted",
    "applied": "acted",
    "apply_async": "missing 1 required positional argument: 'self'",
    "sent by name": "sent",
    "untyped": "sent",
}
if seen != expected:
    sys.exit("changed")
print("as found")
PY
