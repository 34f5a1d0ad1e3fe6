#!/bin/bash
# infra/images/base.sh [SUITE]: sees to it that the engine has debian:<SUITE>-slim (bookworm unless given), on which our images
# are built. It is pulled where that is possible; elsewhere debootstrap makes one from the mirror that this machine's own
# apt uses. Nothing is done when it is there; what debootstrap made is kept in build/images for other engines.
# Exit code 3: neither way works here.
set -euo pipefail
PATH="$PATH:/usr/local/sbin:/usr/sbin:/sbin"
export PATH
suite=${1:-bookworm}
image=debian:$suite-slim
kept=$(realpath "$(dirname "$0")/../..")/build/images
archive=$kept/$suite.tar

say() { printf 'base: %s\n' "$1" >&2; }
fail() {
  say "$1"
  printf '  = help: %s\n' "$2" >&2
  exit 3
}

[[ $suite =~ ^[a-z][a-z0-9-]*$ ]] || { say "expected the name of a Debian release, found \"$suite\""; exit 2; }
timeout 10 docker version >/dev/null 2>&1 || fail 'no container engine answers' 'Start one: make docker'
docker image inspect "$image" >/dev/null 2>&1 && exit 0
if said=$(timeout 300 docker pull --quiet "$image" 2>&1); then
  say "pulled $image"
  exit 0
fi
say "$image cannot be pulled (${said##*$'\n'})"

import() {
  docker import --change 'CMD ["bash"]' "$archive" "$image" >/dev/null
  say "$image imported from $archive"
}
if [ -e "$archive" ]; then
  import
  exit 0
fi

if [ "$(id -u)" = 0 ]; then
  as_root=()
elif sudo -n true 2>/dev/null; then
  as_root=(sudo -n)
else
  fail 'debootstrap must run as root' "Run: sudo $0 $suite"
fi
command -v debootstrap >/dev/null || fail 'debootstrap was not found' 'Install it: infra/setup.sh docker'

# Address and release of each Debian archive that apt uses here, as "http://host/debian bookworm-security".
archives=
if [ "$(. /etc/os-release && echo "$ID")" = debian ]; then
  archives=$(apt-get indextargets --format '$(ORIGIN) $(REPO_URI) $(RELEASE)' 'Created-By: Packages' 2>/dev/null |
    awk '$1 == "Debian" && $2 ~ /^https?:/ { sub("/$", "", $2); print $2, $3 }' | sort -u)
fi
# The mirror may carry releases that this machine does not use, so its own release does as well.
mirror=$(awk '$2 !~ /-/ { print $1; exit }' <<<"$archives")
mirror=${mirror:-http://deb.debian.org/debian}
proxy=$(apt-config dump --no-empty --format '%f "%v";%n' Acquire::http::Proxy Acquire::https::Proxy || true)
http_proxy=$(sed -n 's/^Acquire::http::Proxy "\(.*\)";$/\1/p' <<<"$proxy")

root=$("${as_root[@]}" mktemp -d /var/tmp/runner-base.XXXXXX)
trap '"${as_root[@]}" rm -rf --one-file-system "$root" "$archive.part"' EXIT
mkdir -p "$kept"
say "making $image with debootstrap from $mirror"
"${as_root[@]}" env ${http_proxy:+http_proxy="$http_proxy"} \
  debootstrap --variant=minbase --keyring /usr/share/keyrings/debian-archive-keyring.gpg "$suite" "$root" "$mirror" \
  >"$kept/$suite.log" 2>&1 ||
  fail "debootstrap failed: $(grep -E '^[EW]:' "$kept/$suite.log" | tail -n 1)" "Read $kept/$suite.log"

{
  echo "deb $mirror $suite main"
  awk -v suite="$suite" '$2 == suite "-updates" || $2 == suite "-security" { print "deb", $1, $2, "main" }' <<<"$archives"
} | "${as_root[@]}" tee "$root/etc/apt/sources.list" >/dev/null
[ -z "$proxy" ] || "${as_root[@]}" tee "$root/etc/apt/apt.conf.d/proxy" <<<"$proxy" >/dev/null
# As in the image of that name: no services started by packages, no manuals, no lists.
printf '#!/bin/sh\nexit 101\n' | "${as_root[@]}" tee "$root/usr/sbin/policy-rc.d" >/dev/null
"${as_root[@]}" chmod 755 "$root/usr/sbin/policy-rc.d"
"${as_root[@]}" tee "$root/etc/dpkg/dpkg.cfg.d/slim" >/dev/null <<'EOF'
path-exclude /usr/share/doc/*
path-include /usr/share/doc/*/copyright
path-exclude /usr/share/man/*
path-exclude /usr/share/info/*
path-exclude /usr/share/locale/*
EOF
"${as_root[@]}" find "$root/usr/share/doc" -type f ! -name copyright -delete
for emptied in usr/share/man usr/share/info usr/share/locale var/lib/apt/lists var/cache/apt/archives var/log; do
  "${as_root[@]}" find "$root/$emptied" -mindepth 1 -delete
done
"${as_root[@]}" tar --create --one-file-system --numeric-owner --directory "$root" . >"$archive.part"
mv "$archive.part" "$archive"
import
