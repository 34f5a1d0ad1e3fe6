#!/bin/bash
# Gives the user its password, then becomes the server.
set -eu
PATH=$(echo /usr/lib/postgresql/*/bin):$PATH
data=/var/lib/postgresql/data
# By standard input: arguments are for everybody to see.
postgres --single -F -D "$data" postgres >/dev/null <<<"ALTER USER app PASSWORD '${APP_PASSWORD//\'/\'\'}'"
unset APP_PASSWORD
exec postgres -D "$data" -p "$PORT" -c listen_addresses='*' -c fsync=off
