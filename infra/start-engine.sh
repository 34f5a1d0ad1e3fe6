#!/bin/sh
# infra/start-engine.sh: sees to it that a container engine answers at DOCKER_HOST or at Docker's own socket, and starts
# the system's one when none does. Nothing is done when one answers. Exit code 3: it cannot be started here.
set -eu
PATH="$PATH:/usr/local/sbin:/usr/sbin:/sbin"
export PATH
LOG=/var/log/dockerd.log

answers() { timeout 10 docker version >/dev/null 2>&1; }
fail() {
  printf 'start-engine: %s\n' "$1" >&2
  shift
  printf '  = help: %s\n' "$@" >&2
  exit 3
}

if answers; then exit 0; fi
[ -z "${DOCKER_HOST:-}" ] ||
  fail "no engine answers at DOCKER_HOST, $DOCKER_HOST" 'Start it, or unset DOCKER_HOST to use the engine of this machine'
if [ "$(id -u)" = 0 ]; then
  as_root=
elif sudo -n true 2>/dev/null; then
  as_root='sudo -n'
else
  fail 'no container engine answers, and only root can start one' 'Start one: sudo systemctl start docker' \
    'If one runs, you may not use it: sudo usermod --append --groups docker "$USER", and log in again'
fi

if [ -d /run/systemd/system ]; then
  # shellcheck disable=SC2086  # empty as root, two words otherwise
  $as_root systemctl start docker || fail 'systemd could not start docker' 'Read: journalctl --unit docker'
else
  # shellcheck disable=SC2016,SC2086
  $as_root setsid --fork sh -c 'exec dockerd >>"$0" 2>&1 </dev/null' "$LOG"
fi

tries=0
until answers; do
  tries=$((tries + 1))
  # The socket may be there and closed to this user.
  if [ -n "$as_root" ] && $as_root docker version >/dev/null 2>&1; then
    fail 'the engine runs, but you may not use it' 'Run: sudo usermod --append --groups docker "$USER", and log in again'
  fi
  [ "$tries" -lt 150 ] || fail 'the engine did not answer within 30 s' "Read $LOG, or: journalctl --unit docker"
  sleep 0.2
done
