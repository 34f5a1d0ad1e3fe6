#!/bin/sh
# Installs the Debian or Ubuntu packages that are missing, and nothing when none is: infra/setup.sh [demo|docker|test|bench]
# `demo` builds and runs the product, `docker` adds a container engine and what makes images where none can be pulled,
# `test` adds the tests' peers as well, `bench` adds what is measured beside it.
# Never asks a question. Exit code 3: the machine lacks something that this script may not or cannot install.
set -eu
PATH="$PATH:/usr/local/sbin:/usr/sbin:/sbin"
export PATH
level=${1:-demo}

fail() {
  printf 'setup: %s\n' "$1" >&2
  shift
  for line in "$@"; do printf '  = help: %s\n' "$line" >&2; done
  exit 3
}

has() { command -v "$1" >/dev/null 2>&1; }

case $level in
  demo | docker | test | bench) ;;
  *) fail "expected demo, docker, test or bench, found \"$level\"" ;;
esac

# A package counts as missing when the program or file it is wanted for is: names of packages differ between releases
# (libpcap0.8 and libpcap0.8t64), what they bring does not.
missing=
# Installed where this release has a package of that name.
optional=
want() {
  package=$1
  shift
  for probe in "$@"; do
    case $probe in
      /*) [ -e "$probe" ] && continue ;;
      *) has "$probe" && continue ;;
    esac
    missing="$missing $package"
    return
  done
}

want gcc gcc
want g++ g++
want libc6-dev /usr/include/stdio.h
want make make
want python3 python3
want libpcap-dev /usr/include/pcap/pcap.h
want iproute2 ip tc
want nftables nft
want iptables iptables ip6tables
want util-linux unshare nsenter setpriv mount
want procps ps sysctl
want ethtool ethtool
want slirp4netns slirp4netns
if [ "$level" != demo ]; then
  # A client without an engine is common: the engine is what is looked for.
  want docker.io dockerd
  # Up to Debian 12 the engine's package brings the client along; later it is one of its own.
  has docker || optional="$optional docker-cli"
  want debootstrap debootstrap
  want debian-archive-keyring /usr/share/keyrings/debian-archive-keyring.gpg
  want ca-certificates /etc/ssl/certs/ca-certificates.crt
fi
if [ "$level" = test ] || [ "$level" = bench ]; then
  # On PATH there may be a busybox that needs libraries, which an image made of it alone would lack.
  if ! has busybox || LC_ALL=C ldd "$(command -v busybox)" >/dev/null 2>&1; then missing="$missing busybox-static"; fi
  want tcpdump tcpdump
  want tshark tshark
  want iperf3 iperf3
  want iputils-ping ping
  want curl curl
  # Login shells that are not like sh.
  want fish fish
  want tcsh tcsh
  # For machines that meet over WireGuard: where the kernel has none, and what the kernel's own is configured with.
  has wireguard-go || optional="$optional wireguard-go"
  want wireguard-tools wg
  # Machines of tests have an sshd and a sudo of their own.
  want openssh-server sshd
  want openssh-client ssh scp
  want sudo sudo
  want openssl openssl
  want bind9-dnsutils dig
  # Visits of tests are a real browser's, which certutil tells to trust the lab.
  want chromium-headless-shell chromium-headless-shell
  want libnss3-tools certutil
  want ngtcp2-client gtlsclient
  want ngtcp2-server gtlsserver
  # A switch and controllers that speak OpenFlow.
  want openvswitch-switch ovs-vswitchd ovs-ofctl
  want openvswitch-testcontroller ovs-testcontroller
  want python3-os-ken osken-manager
  # Its programs are in a folder of their release, and not on PATH.
  want postgresql /usr/lib/postgresql/*/bin/initdb
fi
if [ "$level" = bench ]; then
  want mininet mn
  want bridge-utils brctl
  want tcpreplay tcpreplay
  want socat socat
  want mitmproxy mitmdump
  has docker-compose || optional="$optional docker-compose"
fi

# Node's own packages bring its headers along; Debian's split them off.
has node || fail 'Node.js was not found' 'Install Node.js 20.19 or newer: https://nodejs.org/en/download'
has npm || fail 'npm was not found' 'Install npm: it comes with Node.js from https://nodejs.org, or as the package npm'
node -e 'const [major, minor] = process.versions.node.split(".").map(Number);
  process.exit(major > 20 || (major === 20 && minor >= 19) ? 0 : 1)' ||
  fail "Node.js 20.19 or newer is needed, found $(node --version)" 'Install a newer one: https://nodejs.org/en/download'
prefix=$(node -p 'require("node:path").resolve(process.execPath, "../..")')
if [ ! -e "$prefix/include/node/node.h" ] && [ ! -e /usr/include/node/node.h ]; then
  [ "$prefix" = /usr ] ||
    fail "Node.js has no headers in \"$prefix/include/node\", and npm's pcap is built with them" \
      'Install Node.js from https://nodejs.org, which brings them'
  missing="$missing libnode-dev"
fi

[ -n "$missing$optional" ] || exit 0
missing=${missing# }
install="apt-get install --yes --no-install-recommends $missing"

may_install() { has apt-get && { [ "$(id -u)" = 0 ] || { has sudo && sudo -n true 2>/dev/null; }; }; }
[ -n "$missing" ] || may_install || exit 0
has apt-get || fail "these are missing: $missing" 'Install them with the package manager of this system (the names are Debian ones)'
if [ "$(id -u)" = 0 ]; then
  as_root=
elif has sudo && sudo -n true 2>/dev/null; then
  as_root='sudo -n'
else
  fail "these packages are missing, and this is neither root nor a user whom sudo serves without a password: $missing" \
    "Run as root: apt-get update && $install"
fi

apt() {
  # shellcheck disable=SC2086  # empty as root, two words otherwise
  $as_root env DEBIAN_FRONTEND=noninteractive apt-get -o DPkg::Lock::Timeout=300 -o Acquire::Retries=3 -o Dpkg::Use-Pty=0 "$@" </dev/null
}

# Tests start an sshd, a switch and a controller where they need one; Debian's packages would start them for everybody who can reach
# this machine. Programs that ask before they start a service (invoke-rc.d) are told no by exit code 101 of policy-rc.d.
policy=/usr/sbin/policy-rc.d
case " $missing " in
  *' openssh-server '* | *' openvswitch-'*)
    if [ ! -e $policy ]; then
      # shellcheck disable=SC2064  # as_root as it is now
      trap "$as_root rm -f $policy" EXIT
      trap 'exit 130' INT
      trap 'exit 143' TERM HUP
      printf '#!/bin/sh\ncase $1 in ssh | ssh.* | openvswitch-* | ovs*) exit 101 ;; esac\n' | $as_root tee $policy >/dev/null
      $as_root chmod 755 $policy
    fi
    ;;
esac

printf 'setup: installing %s\n' "${missing:-$optional}" >&2
apt update -qq || printf 'setup: apt-get update failed; going on with the lists that are there\n' >&2
for package in $optional; do
  if apt-cache show "$package" >/dev/null 2>&1; then missing="$missing $package"; fi
done
[ -n "$missing" ] || exit 0
install="apt-get install --yes --no-install-recommends ${missing# }"
# shellcheck disable=SC2086  # a list of packages
apt install -qq --yes --no-install-recommends $missing ||
  fail "apt-get could not install: $missing" "See its message above, then run: $install"
