#!/bin/bash
# infra/lab-machines.sh [OPTIONS] FOLDER -- COMMAND…: runs a command beside machines that exist for as long as it runs, and
# gives its exit code. Each machine is a network, PID, mount and UTS namespace on this computer with an sshd, an ordinary
# user "lab", a disk in memory and homes that start empty. It sees the files of this computer and may write on them, but what it
# writes is on its own disk.
#
#   --machines N             how many (1; 120 at most): m1, m2, …
#   --every WORDS            what each of them is like: words as below, with commas
#   --machine I WORDS        what the I-th is like, beside that
#   --group NAME=I[,I…]      a group of the inventory, the machines in this order
#
#   sudo=passwordless        the default; or password (it is in machines.json), refused, absent
#   login=root               the inventory logs in as root; otherwise as lab, who becomes root
#   no-become                the inventory says nothing of becoming root
#   no-node, no-libpcap      neither on PATH nor anywhere that the loader looks
#   old-kernel               it says that it is 2.6
#   disk=SIZE                of the machine's disk, as tmpfs wants it: 64m (1g)
#   engine                   a Docker Engine of its own
#
# FOLDER gets hosts.ini (an Ansible inventory), ssh_config, known_hosts, id_ed25519 and machines.json (addresses and first
# processes), and home/, which is the command's HOME: its .ssh has the same. The command runs on a machine without sshd, the
# controller, whose files and processes are this computer's. Machine I has 198.18.0.I and 2001:2::I, the controller
# 198.18.0.254 and 2001:2::254 (RFC 2544, RFC 5180), all on one Ethernet segment in the namespace of process "world" of
# machines.json, with a bridge port named after each. No namespace has a way out.
#
# All of it is gone at the end, also after kill -9. Exit code 2: bad arguments; 3: this computer cannot do it.
set -eu
PATH="$PATH:/usr/local/sbin:/usr/sbin:/sbin"
export PATH
self=$(realpath "$0")
checkout=$(dirname "$(dirname "$self")")

fail() {
  local code=$1 line
  printf 'lab-machines: %s\n' "$2" >&2
  shift 2
  for line in "$@"; do printf '  = help: %s\n' "$line" >&2; done
  exit "$code"
}

# Whether a list of words has one: has_word no-node "$words"
has_word() { [[ ",$2," == *",$1,"* ]]; }

# The last value that a list of words gives to a name, or a default: value_of disk "$words" 1g
value_of() {
  local word value=$3 words
  IFS=, read -ra words <<<"$2"
  for word in "${words[@]}"; do
    [[ $word == "$1="* ]] && value=${word#*=}
  done
  printf '%s' "$value"
}

# ---- One machine: lab-machines.sh --as-machine INDEX FOLDER WORDS, first process of its PID namespace ----
# Its disk, one tmpfs for all that is written there, is at /mnt, which is empty on most computers.

# Lets the machine write on what it sees of this computer, and on nothing else of it: an overlay for each folder of the root
# and for what is mounted below; the rest, also where an overlay cannot be had, is there to be read.
cover_computer() {
  local place index layer places=() covered=()
  mapfile -t places < <(computer_folders)
  for index in "${!places[@]}"; do
    layer=/mnt/overlay/$index
    mkdir -p "$layer/upper" "$layer/work" "$layer/whole"
    place=${places[index]//\\/\\\\}
    place=${place//:/\\:}
    # Without an index: the lower one serves other machines too.
    ! mount -t overlay -o "lowerdir=${place//,/\\,},upperdir=$layer/upper,workdir=$layer/work,index=off" \
      overlay "$layer/whole" 2>/dev/null || covered+=("$index")
  done
  while read -r place; do mount -o remount,bind,ro "$place"; done < <(mount_points)
  # Only now: an overlay hides what is mounted below the folder that it covers.
  for index in "${covered[@]}"; do mount --move "/mnt/overlay/$index/whole" "${places[index]}"; done
}

# The folders of the root, and those that something is mounted on below them, each after the one that it is in.
computer_folders() {
  local place
  { printf '%s\n' /*; mount_points; } | sort --unique | while read -r place; do
    case $place in
      / | /dev | /home | /mnt | /proc | /root | /run | /sys | /tmp) ;;
      *) [ ! -d "$place" ] || [ -L "$place" ] || printf '%s\n' "$place" ;;
    esac
  done
}

# Where something of this computer is mounted, but for what the machine has of its own and what the kernel makes up.
mount_points() {
  local point
  while read -r _ _ _ _ point _; do
    printf -v point %b "$point"
    case $point/ in
      /dev/?* | /home/* | /mnt/* | /proc/* | /root/* | /run/* | /sys/* | /tmp/*) ;;
      *) printf '%s\n' "$point" ;;
    esac
  done </proc/self/mountinfo
}

# Removes files, and what they are links to, from what the machine sees.
hide() {
  local file path
  for file in "$@"; do
    for path in "$(realpath "$file")" "$(realpath "$(dirname "$file")")/$(basename "$file")"; do
      rm -f "$path"
    done
  done
}

hide_what_words_say() {
  local found
  if [ "$(value_of sudo "$1" passwordless)" = absent ]; then
    mapfile -t found < <(type -ap sudo)
    hide "${found[@]}"
  fi
  if has_word no-node "$1"; then
    mapfile -t found < <(type -ap node nodejs)
    hide "${found[@]}"
  fi
  if has_word no-libpcap "$1"; then
    mapfile -t found < <(ldconfig -p | awk '/libpcap\.so/ { print $NF }')
    hide "${found[@]}"
    ldconfig
  fi
}

# Where another computer would have nothing of this one: homes, temporary files, this checkout.
mount_empty() {
  local place
  mkdir -p /mnt/{home,root,tmp,run/sshd,run/lock,dev/shm}
  chmod 700 /mnt/root
  chmod 1777 /mnt/tmp /mnt/dev/shm
  for place in home root tmp run dev/shm; do mount --bind "/mnt/$place" "/$place"; done
  # Unless one of these hid it already, with the path to it.
  [ ! -d "$checkout" ] || mount -t tmpfs -o size=4k,mode=555 hidden "$checkout"
}

# What the kernel tells of processes and interfaces becomes the machine's own; control groups stay this computer's.
mount_kernel() {
  mkdir /mnt/cgroup
  mount --rbind /sys/fs/cgroup /mnt/cgroup
  mount -t proc proc /proc
  mount -t sysfs sysfs /sys
  mount --rbind /mnt/cgroup /sys/fs/cgroup
  umount --lazy /mnt/cgroup
}

make_users() {
  local sudo=$1 password=$2
  id lab >/dev/null 2>&1 || useradd --no-create-home --home-dir /home/lab --shell /bin/bash lab
  # A locked account is one that sshd refuses when it does without PAM.
  usermod --password '*' root
  usermod --password "$(openssl passwd -6 -stdin <<<"$password")" lab
  rm -rf /etc/sudoers /etc/sudoers.d
  {
    echo 'Defaults env_reset, secure_path="/usr/local/sbin:/usr/local/bin:/usr/sbin:/usr/bin:/sbin:/bin"'
    echo 'root ALL=(ALL:ALL) ALL'
    case $sudo in
      passwordless) echo 'lab ALL=(ALL:ALL) NOPASSWD: ALL' ;;
      password) echo 'lab ALL=(ALL:ALL) ALL' ;;
    esac
  } >/etc/sudoers
  chmod 440 /etc/sudoers
}

configure_sshd() {
  local name=$1 folder=$2
  rm -rf /etc/ssh
  mkdir /etc/ssh
  install --mode 600 "$folder/host-keys/$name" /etc/ssh/host_key
  install --mode 644 "$folder/id_ed25519.pub" /etc/ssh/authorized_keys
  cat >/etc/ssh/sshd_config <<END
HostKey /etc/ssh/host_key
AuthorizedKeysFile /etc/ssh/authorized_keys
PermitRootLogin prohibit-password
PasswordAuthentication no
KbdInteractiveAuthentication no
UsePAM no
UseDNS no
MaxStartups 100
MaxSessions 100
LogLevel VERBOSE
Subsystem sftp internal-sftp
END
  printf '127.0.0.1 localhost\n::1 localhost\n127.0.1.1 %s\n' "$name" >/etc/hosts
}

start_engine() {
  local deadline=$((SECONDS + 60)) engine
  export DOCKER_HOST=unix:///run/docker.sock
  # overlay2 does not work on overlayfs.
  mkdir -p /mnt/docker /var/lib/docker
  mount --bind /mnt/docker /var/lib/docker
  dockerd --host "$DOCKER_HOST" --group lab --cgroup-parent "/$1" --bridge none --iptables=false --ip6tables=false \
    --userland-proxy=false >/var/log/dockerd.log 2>&1 </dev/null 5>&- &
  engine=$!
  until timeout 10 docker version >/dev/null 2>&1; do
    if [ "$SECONDS" -ge "$deadline" ] || ! kill -0 "$engine" 2>/dev/null; then
      tail -n 15 /var/log/dockerd.log >&2
      return 1
    fi
    sleep 0.1
  done
}

# Tells the world through descriptor 5 that it is ready, or that it has failed.
as_machine() {
  local index=$1 folder=$2 words=$3 group=$4 pid arch=()
  local name=m$index
  trap 'echo "failed $name" >&5' EXIT
  # Here /proc is still that of this computer: its number there.
  read -r pid _ </proc/self/stat
  hostname "$name"
  mount -t tmpfs -o "size=$(value_of disk "$words" 1g),mode=755" disk /mnt
  cover_computer
  make_users "$(value_of sudo "$words" passwordless)" "$(cat "$folder/password")"
  configure_sshd "$name" "$folder"
  hide_what_words_say "$words"
  mount_kernel
  mount_empty
  cd /
  install --directory --owner lab --group lab --mode 755 /home/lab
  ! has_word engine "$words" || start_engine "$group"
  ! has_word old-kernel "$words" || arch=(setarch "$(uname -m)" --uname-2.6)
  # It goes into the background when it listens.
  env -i PATH="$PATH" "${arch[@]}" "$(type -p sshd)" -E /var/log/sshd.log 5>&-
  trap - EXIT
  echo "ready $name $pid" >&5
  exec 5>&- >/dev/null 2>&1 </dev/null
  # A shell that waits buries the orphans of its PID namespace.
  sleep infinity &
  while :; do wait || true; done
}

# ---- The world: lab-machines.sh --as-world FOLDER GROUP WORDS…, first process of the PID namespace around them ----

# A network namespace with a port of the segment.
join() {
  local name=$1 number=$2
  ip netns add "$name"
  ip link add "$name" type veth peer name eth0 netns "$name"
  ip link set "$name" master underlay up
  ip -n "$name" link set lo up
  ip -n "$name" link set eth0 up
  ip -n "$name" address add "198.18.0.$number/24" dev eth0
  ip -n "$name" address add "2001:2::$number/64" dev eth0 nodad
}

# Its standard output says which process each machine's first is, and then "up".
as_world() {
  local folder=$1 group=$2 index=0 words outcome name pid world
  shift 2
  trap 'exit 0' TERM
  read -r world _ </proc/self/stat
  mount -t tmpfs tmpfs /run
  mkfifo /run/ready
  exec 5<>/run/ready
  ip link add underlay type bridge mcast_snooping 0
  ip link set underlay up
  join controller "$CONTROLLER"
  for words in "$@"; do
    index=$((index + 1))
    join "m$index" "$index"
    nsenter --net="/run/netns/m$index" unshare --mount --uts --ipc --pid --fork --kill-child \
      "$self" --as-machine "$index" "$folder" "$words" "$group/m$index" >&2 </dev/null &
  done
  echo "world $world"
  while [ "$index" -gt 0 ]; do
    read -r -t 90 outcome name pid <&5 || { echo "lab-machines: a machine did not start in time" >&2; return 1; }
    [ "$outcome" = ready ] || { echo "lab-machines: $name did not start" >&2; return 1; }
    echo "$name $pid"
    index=$((index - 1))
  done
  echo up
  exec >/dev/null
  sleep infinity &
  while :; do wait || true; done
}

readonly CONTROLLER=254
case ${1:-} in
  --as-machine) shift; as_machine "$@"; exit ;;
  --as-world) shift; as_world "$@"; exit ;;
esac

# ---- What is asked for ----

usage() { fail 2 "$1" "See the head of $self"; }

check_words() {
  local word words
  IFS=, read -ra words <<<"$1"
  for word in "${words[@]}"; do
    [[ $word =~ ^(sudo=(passwordless|password|refused|absent)|login=root|no-become|no-node|no-libpcap|old-kernel|disk=[0-9]+[kmg]|engine)$ ]] ||
      usage "expected a word such as sudo=password or no-node, found \"$word\""
  done
}

is_index() { [[ $1 =~ ^[1-9][0-9]*$ ]] && [ "$1" -le "$count" ]; }

count=1
every=
own=()
groups=()
while [ $# -gt 0 ] && [ "$1" != -- ]; do
  case $1 in
    --machines)
      count=${2:-}
      [[ $count =~ ^[1-9][0-9]*$ ]] && [ "$count" -le 120 ] || usage "expected --machines 1 to 120, found \"$count\""
      shift 2
      ;;
    --every)
      every=${2:-}
      check_words "$every"
      shift 2
      ;;
    --machine)
      [ $# -ge 3 ] || usage 'expected --machine I WORDS'
      check_words "$3"
      own+=("$2 $3")
      shift 3
      ;;
    --group)
      [[ ${2:-} =~ ^[A-Za-z_][A-Za-z0-9_]*=[0-9]+(,[0-9]+)*$ ]] || usage "expected --group NAME=I,I, found \"${2:-}\""
      groups+=("$2")
      shift 2
      ;;
    -*) usage "expected an option of the list, found \"$1\"" ;;
    *)
      [ -z "${folder:-}" ] || usage "expected one folder, found \"$1\" beside \"$folder\""
      folder=$1
      shift
      ;;
  esac
done
[ -n "${folder:-}" ] && [ $# -ge 2 ] || usage 'expected FOLDER -- COMMAND…'
shift

words=()
for ((index = 1; index <= count; index++)); do words[index]=$every; done
for entry in "${own[@]}"; do
  is_index "${entry%% *}" || usage "expected a machine from 1 to $count, found \"${entry%% *}\""
  words[${entry%% *}]+=,${entry#* }
done
for group in "${groups[@]}"; do
  IFS=, read -ra members <<<"${group#*=}"
  for index in "${members[@]}"; do is_index "$index" || usage "expected machines from 1 to $count in \"$group\""; done
done

[ "$(id -u)" = 0 ] || fail 3 'only root can make machines' "Run it as root: sudo $self …"
for program in ip nft unshare nsenter setpriv sshd ssh-keygen sudo openssl useradd; do
  type -p "$program" >/dev/null || fail 3 "$program was not found" 'Install what tests need: infra/setup.sh test'
done
case " ${words[*]} " in
  *engine*) type -p dockerd >/dev/null || fail 3 'dockerd was not found' 'Install it: infra/setup.sh docker' ;;
esac

# ---- The folder ----

mkdir -p "$folder/host-keys" "$folder/home/.ssh"
folder=$(realpath "$folder")
chmod 700 "$folder/host-keys" "$folder/home/.ssh"

login() { has_word login=root "${words[$1]}" && echo root || echo lab; }

write_inventory() {
  local index group become
  echo '[machines]'
  for ((index = 1; index <= count; index++)); do
    become=
    { [ "$(login "$index")" = root ] || has_word no-become "${words[index]}"; } || become=' ansible_become=true'
    echo "m$index ansible_host=198.18.0.$index ansible_user=$(login "$index")" \
      "ansible_ssh_private_key_file=$folder/id_ed25519$become" \
      "ansible_ssh_common_args='-o UserKnownHostsFile=$folder/known_hosts'"
  done
  for group in "${groups[@]}"; do
    printf '\n[%s]\n' "${group%%=*}"
    tr , '\n' <<<"${group#*=}" | sed 's/^/m/'
  done
}

write_keys() {
  local index name
  rm -f "$folder"/id_ed25519* "$folder"/host-keys/*
  ssh-keygen -q -t ed25519 -N '' -C lab -f "$folder/id_ed25519"
  openssl rand -hex 12 | install --mode 600 /dev/stdin "$folder/password"
  for ((index = 1; index <= count; index++)); do
    name=m$index
    ssh-keygen -q -t ed25519 -N '' -C "$name" -f "$folder/host-keys/$name"
    echo "$name,198.18.0.$index,2001:2::$index $(cut --delimiter=' ' --fields=1,2 "$folder/host-keys/$name.pub")" >&3
    printf 'Host %s\n  HostName 198.18.0.%s\n  User %s\n\n' "$name" "$index" "$(login "$index")" >&4
  done 3>"$folder/known_hosts" 4>"$folder/ssh_config"
  printf 'Host *\n  IdentityFile %s\n  UserKnownHostsFile %s\n' "$folder/id_ed25519" "$folder/known_hosts" >>"$folder/ssh_config"
  ln -sf ../../id_ed25519 ../../known_hosts "$folder/home/.ssh/"
  ln -sf ../../ssh_config "$folder/home/.ssh/config"
}

# Reads what the world says until all is up.
read_world() {
  local name pid
  while read -r -t 100 name pid; do
    case $name in
      up) return 0 ;;
      world) first=$pid ;;
      *) pids[${name#m}]=$pid ;;
    esac
  done
  return 1
}

write_machines() {
  local index password separator=,
  password=$(cat "$folder/password")
  printf '{\n  "world": %s,\n  "controller": { "address": "198.18.0.%s", "address6": "2001:2::%s" },\n  "machines": [\n' \
    "$first" "$CONTROLLER" "$CONTROLLER"
  for ((index = 1; index <= count; index++)); do
    [ "$index" -lt "$count" ] || separator=
    printf '    { "name": "m%s", "address": "198.18.0.%s", "address6": "2001:2::%s", "user": "%s", "password": "%s", "pid": %s }%s\n' \
      "$index" "$index" "$index" "$(login "$index")" "$password" "${pids[index]}" "$separator"
  done
  printf '  ]\n}\n'
}

write_keys
write_inventory >"$folder/hosts.ini"

# ---- From here on there is something to put away ----

group=lab-machines-$$
world=
# Process numbers: the first of the world, and of each machine.
first=
pids=()
finish() {
  local code=$?
  trap '' TERM HUP INT EXIT
  if [ -n "$world" ]; then
    # unshare(1) ends when the kernel has buried all that was in the world.
    [ -z "$first" ] || kill -TERM "$first" 2>/dev/null || true
    [ -n "$first" ] && timeout 10 tail --pid="$world" -f /dev/null || kill -KILL "$world" 2>/dev/null || true
    wait "$world" 2>/dev/null || true
    find /sys/fs/cgroup -depth -type d -path "*/$group*" -exec rmdir {} + 2>/dev/null || true
  fi
  exit "$code"
}
trap finish EXIT
trap 'exit 130' INT
trap 'exit 143' TERM HUP

rm -f "$folder/pipe"
mkfifo "$folder/pipe"
# In a session of its own: Ctrl-C is for the command, and for what the command does then.
setsid setpriv --pdeathsig KILL -- unshare --net --mount --pid --fork --kill-child \
  "$self" --as-world "$folder" "$group" "${words[@]}" >"$folder/pipe" </dev/null &
world=$!
exec 6<"$folder/pipe"
rm "$folder/pipe"
read_world <&6 || fail 3 'the machines did not start' 'What is missing is above'
exec 6<&-
write_machines >"$folder/machines.json"

# In the background, so that a signal that comes meanwhile is heard, but with the standard input and signals of the foreground;
# and gone with a script that is killed.
exec 8<&0
env --unset=SSH_AUTH_SOCK HOME="$folder/home" nsenter --net="/proc/$first/root/run/netns/controller" -- \
  env --default-signal=INT,QUIT setpriv --pdeathsig KILL -- "$@" <&8 8<&- &
child=$!
exec 8<&-
trap 'kill -TERM "$child" 2>/dev/null' TERM
trap 'kill -HUP "$child" 2>/dev/null' HUP
trap : INT
while code=0; wait "$child" || code=$?; kill -0 "$child" 2>/dev/null; do :; done
exit "$code"
