#!/bin/bash
# infra/with-engine.sh [--or-without] COMMAND…: runs a command while a container engine answers, and gives its exit code.
# One that answers at DOCKER_HOST or at Docker's own socket is used as it is. Otherwise a private dockerd is started, with
# its data, socket and bridge for itself, and all of that is gone afterwards, also when this script is killed: a keeper
# in a session of its own notices by the end of a pipe, stops the engine and cleans up.
# Exit code 3: no engine, and none can be started; --or-without then runs the command all the same.
# SIGTERM and SIGHUP are passed on to the command; Ctrl-C reaches it by itself.
set -eu
PATH="$PATH:/usr/local/sbin:/usr/sbin:/sbin"
export PATH
self=$(realpath "$0")

say() { printf 'with-engine: %s\n' "$1" >&2; }
has() { command -v "$1" >/dev/null 2>&1; }
answers() { timeout 10 docker version --format '{{.Server.Version}}' 2>/dev/null; }

# Gives a /24 that no route and no address of this machine touches.
free_subnet() {
  local third
  for third in $(seq 0 255); do
    [ -z "$(ip -4 route show table all root "172.29.$third.0/24")$(ip -4 route show table all exact "172.29.$third.0/24")" ] ||
      continue
    [ -n "$(ip -4 route show table all match "172.29.$third.0/24" | grep -v '^default')" ] && continue
    echo "172.29.$third"
    return
  done
  return 1
}

# The keeper: with-engine.sh --keep FOLDER GROUP, as root, with the pipe as standard input.
keep() {
  local folder=$1 group=$2 bridge subnet forwarding pid filter=no apart=()
  bridge=engine-$$
  forwarding=$(cat /proc/sys/net/ipv4/ip_forward)

  # overlay2 does not work on overlayfs, and vfs copies a whole image for each container.
  mkdir "$folder/data"
  if [ "$(stat --file-system --format %T "$folder")" = overlayfs ]; then
    mount -t tmpfs -o size=75%,mode=711 runner-engine "$folder/data" || say 'no tmpfs either: containers will start slowly'
  fi

  # A bridge and NAT of our own, and none of dockerd's rules: it would rewrite those of another engine on this machine.
  # Its address is given, or it would be the lowest of those that joined last.
  if subnet=$(free_subnet) && ip link add "$bridge" address 02:00:00:00:00:01 type bridge &&
    ip address add "$subnet.1/24" dev "$bridge" && ip link set "$bridge" up; then
    nft -f - <<EOF || say 'no NAT: RUN lines of a build have no way out'
table ip $bridge {
  chain out {
    type nat hook postrouting priority srcnat
    ip saddr $subnet.0/24 oifname != "$bridge" masquerade
  }
}
EOF
    # Where somebody else lets nothing be forwarded, an exception for this bridge.
    if iptables -S FORWARD 2>/dev/null | grep -qx -- '-P FORWARD DROP'; then
      filter=yes
      iptables -w -I FORWARD -i "$bridge" -j ACCEPT
      iptables -w -I FORWARD -o "$bridge" -j ACCEPT
    fi
  else
    say 'no bridge: RUN lines of a build have no way out'
    ip link delete "$bridge" 2>/dev/null || true
    bridge=none
    # Told to do without a bridge, dockerd removes docker0, which may be another engine's.
    apart=(unshare --net)
  fi

  "${apart[@]}" dockerd --data-root "$folder/data" --exec-root "$folder/exec" --pidfile "$folder/pid" --host "unix://$folder/docker.sock" \
    --group "$group" --bridge "$bridge" --iptables=false --ip6tables=false --ip-masq=false --userland-proxy=false \
    --containerd-namespace "runner-$$" --containerd-plugins-namespace "runner-plugins-$$" \
    >"$folder/log" 2>&1 </dev/null &
  pid=$!
  echo "$pid" >"$folder/started"

  cat >/dev/null # until everybody who held the other end of the pipe is gone

  kill -TERM "$pid" 2>/dev/null || true
  timeout 40 tail --pid="$pid" -f /dev/null || kill -KILL "$pid" 2>/dev/null || true
  wait "$pid" 2>/dev/null || true
  if [ "$filter" = yes ]; then
    iptables -w -D FORWARD -i "$bridge" -j ACCEPT || true
    iptables -w -D FORWARD -o "$bridge" -j ACCEPT || true
  fi
  if [ "$bridge" != none ]; then
    nft delete table ip "$bridge" 2>/dev/null || true
    ip link delete "$bridge" || true
  fi
  echo "$forwarding" >/proc/sys/net/ipv4/ip_forward
  # What a killed engine left mounted, innermost first.
  local place
  awk -v below="$folder/" 'index($5, below) == 1 { print $5 }' /proc/self/mountinfo | tac | while read -r place; do
    umount --lazy "$place" || true
  done
  rm -rf --one-file-system "$folder"
}

if [ "${1:-}" = --keep ]; then
  keep "$2" "$3"
  exit
fi

without=no
if [ "${1:-}" = --or-without ]; then
  without=yes
  shift
fi
[ $# -gt 0 ] || { echo 'usage: with-engine.sh [--or-without] COMMAND…' >&2; exit 2; }

no_engine() {
  say "$1"
  shift
  printf '  = help: %s\n' "$@" >&2
  if [ "$without" = yes ]; then
    say 'going on without an engine'
    exec "${command[@]}"
  fi
  exit 3
}
command=("$@")

if has docker && version=$(answers); then
  say "using the engine that runs, version $version"
  exec "$@"
fi
if [ "$(id -u)" = 0 ]; then
  as_root=()
elif has sudo && sudo -n true 2>/dev/null; then
  as_root=(sudo -n)
else
  no_engine 'no container engine answers, and only root can start one' \
    'Start one: sudo systemctl start docker' \
    'If one runs, you may not use it: sudo usermod --append --groups docker "$USER", and log in again'
fi
has docker && has dockerd || no_engine 'docker and dockerd were not found' 'Install them: infra/setup.sh docker'

# A socket's path has 107 characters at most, and a checkout's or TMPDIR's may be longer.
folder=$(mktemp -d /tmp/runner-engine.XXXXXX)
chmod 711 "$folder"
mkfifo "$folder/pipe"
setsid "${as_root[@]}" "$self" --keep "$folder" "$(id -g)" <"$folder/pipe" &
keeper=$!
exec 9>"$folder/pipe"
code=3

# Lets go of the pipe, and waits until the keeper has put everything away.
finish() {
  trap '' TERM HUP INT
  exec 9>&-
  wait "$keeper" || true
  exit "$code"
}
trap finish EXIT
trap 'exit 130' INT
trap 'exit 143' TERM HUP

export DOCKER_HOST="unix://$folder/docker.sock"
deadline=$((SECONDS + 60))
until version=$(answers); do
  if [ "$SECONDS" -ge "$deadline" ] || ! kill -0 "$keeper" 2>/dev/null ||
    { [ -s "$folder/started" ] && [ ! -d "/proc/$(cat "$folder/started")" ]; }; then
    say 'dockerd did not start; the end of its log:'
    tail -n 15 "$folder/log" >&2 2>/dev/null || true
    [ "$without" = yes ] || exit
    unset DOCKER_HOST
    say 'going on without an engine'
    version=
    break
  fi
  sleep 0.2
done
[ -z "$version" ] ||
  say "started dockerd $version, storage $(docker info --format '{{.Driver}}') on $(stat -f -c %T "$folder")"

# In the background, so that a signal that comes meanwhile is heard, but with the standard input and signals of the foreground;
# and not left alone by a script that is killed.
exec 8<&0
env --default-signal=INT,QUIT setpriv --pdeathsig TERM -- "$@" <&8 8<&- 9>&- &
child=$!
exec 8<&-
trap 'kill -TERM "$child" 2>/dev/null' TERM
trap 'kill -HUP "$child" 2>/dev/null' HUP
trap : INT
while code=0; wait "$child" || code=$?; kill -0 "$child" 2>/dev/null; do :; done
