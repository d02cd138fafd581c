#!/bin/sh
# Runs once, when the database's volume is empty: roles.sql, and the passwords of both roles.
set -eu
run() { psql --quiet --set=ON_ERROR_STOP=1 --username="$POSTGRES_USER" --dbname="$POSTGRES_DB" "$@"; }
run --file=/roles.sql
run --set=owner="$(cat /run/secrets/owner_password)" --set=portal="$(cat /run/secrets/portal_password)" <<'SQL'
ALTER ROLE perkeso_owner PASSWORD :'owner';
ALTER ROLE perkeso_portal PASSWORD :'portal';
SQL
