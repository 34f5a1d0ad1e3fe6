#!/bin/bash
# Makes a cluster and its user, then becomes the server.
set -eu
PATH=$(echo /usr/lib/postgresql/*/bin):$PATH
data=/var/lib/postgresql/data
run=/var/run/postgresql
initdb --pgdata "$data" --username owner --auth-local trust --auth-host scram-sha-256 --encoding UTF8 --no-sync >/dev/null
echo 'host all app all scram-sha-256' >>"$data/pg_hba.conf"
# The password by standard input: arguments are for everybody to see.
postgres --single -D "$data" postgres >/dev/null <<EOF
CREATE USER app PASSWORD '${APP_PASSWORD//\'/\'\'}'
CREATE TABLE item (id integer PRIMARY KEY, name text)
INSERT INTO item SELECT id, 'item ' || id FROM generate_series(1, 1000) AS id
GRANT SELECT ON item TO app
EOF
unset APP_PASSWORD
exec postgres -D "$data" -k "$run" -p "$PORT" -c listen_addresses='*' -c fsync=off
