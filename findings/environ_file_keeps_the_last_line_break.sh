#!/bin/sh
# django-environ 0.14.0, FileAwareEnv: NAME_FILE gives the file whole, with the line break that an
# editor, echo or `openssl rand -base64 32 > file` ends it with. A key of 32 bytes is then no longer
# base64 to a strict reader, and a password no longer the password; Env strips nothing of NAME either,
# but no shell puts a line break there. Docker's and systemd's secrets are such files.
#
# Seen:
#   from the variable: 44 characters, strict base64: 32 bytes
#   from the file:     45 characters, strict base64: refused
set -eu
folder=$(mktemp -d)
trap 'rm -rf "$folder"' EXIT
python3 -m venv "$folder/venv"
"$folder/venv/bin/pip" install --quiet django-environ==0.14.0
"$folder/venv/bin/python" -c "import base64; print(base64.b64encode(bytes(range(32))).decode())" >"$folder/key"
cat >"$folder/look.py" <<'P'
import base64, binascii, os, sys
from environ import FileAwareEnv

folder = sys.argv[1]
os.environ["PLAIN"] = open(f"{folder}/key").read().rstrip("\n")
os.environ["SECRET_FILE"] = f"{folder}/key"
env = FileAwareEnv()

def strict(text):
    try:
        return f"{len(base64.b64decode(text, validate=True))} bytes"
    except binascii.Error:
        return "refused"

for label, name in (("from the variable:", "PLAIN"), ("from the file:    ", "SECRET")):
    print(label, len(env.str(name)), "characters, strict base64:", strict(env.str(name)))
P
seen=$("$folder/venv/bin/python" "$folder/look.py" "$folder")
echo "$seen"
[ "$seen" = "from the variable: 44 characters, strict base64: 32 bytes
from the file:     45 characters, strict base64: refused" ]
