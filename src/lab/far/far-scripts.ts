// What is run on another machine before anything of ours is there, in POSIX shell. `$1` and so on are in the comments.

/** Lines that answer begin with it, whatever else a login shell says. */
export const ANSWER_MARK = 'netscenario:';

const script = (text: string): string => text.trim();

/** The folder of bundles of the user that ssh logs in as. */
const CACHE = `
case \${XDG_CACHE_HOME-} in /*) cache=$XDG_CACHE_HOME;; *) cache=$HOME/.cache;; esac
cache=$cache/netscenario
`;

/** Whether the bundle in a folder is whole, and the Node.js that it was tried out with the same still. */
const USABLE = `
seen() { stat -L -c '%s %Y' "$1" 2>/dev/null; }
usable() {
  [ -f "$1/run" ] && [ -x "$(cat "$1/node-path")" ] &&
    [ "$(seen "$(cat "$1/node-path")")" = "$(cat "$1/node-seen" 2>/dev/null)" ]
}
`;

/** 1 the bundle's name. Says who and what the machine is, and whether the bundle is there and usable. */
export const PROBE: string = script(`${CACHE}${USABLE}
say() { echo "${ANSWER_MARK}$1"; }
say "connection=\${SSH_CONNECTION-}"
say "cache=$cache"
say "kernel=$(uname -sr)"
say "arch=$(uname -m)"
say "libc=$(getconf GNU_LIBC_VERSION 2>/dev/null)"
say "uid=$(id -u)"
if usable "$cache/$1"; then say bundle=there; fi
say end=
`);

/**
 * 1 the folder that a bundle is to be put together in. Makes it, and says whether programs can be run from it; a failure is
 * said by what failed.
 */
export const PLACE: string = script(`
mkdir -p "$1" || exit
printf '#!/bin/sh\\n' > "$1/try" && chmod 700 "$1/try" || exit
if "$1/try"; then echo "${ANSWER_MARK}programs=run"; fi
rm -f "$1/try"
echo "${ANSWER_MARK}end="
`);

/**
 * 1 the folder, 2 the version wished for, its major, minor and patch number in one word, 3 the ABI, and the natives. Says which Node.js there runs
 * them, and what ldd(1) does not find.
 */
export const FIT: string = script(`
cd "$1" || exit
wished=$2 abi=$3
shift 3
for node in node nodejs /usr/local/bin/node /usr/bin/node "$HOME/.local/bin/node"; do
  path=$(command -v "$node") || continue
  found=$("$path" -p 'process.versions.modules+" "+process.versions.node+" "+process.execPath' 2>/dev/null) || continue
  version=\${found#* }
  [ "\${found%% *}" = "$abi" ] || continue
  numbers=\${version%% *}
  older=$(printf '%s\\n%s\\n' "$numbers" "$wished" | sort -t. -k1,1n -k2,2n -k3,3n | head -n 1)
  [ "$older" = "$wished" ] || continue
  echo "${ANSWER_MARK}node=\${version#* }"
  break
done
if [ -x node ]; then set -- "$@" ./node; fi
for file do LC_ALL=C LD_LIBRARY_PATH=$PWD/libraries ldd "$file" 2>&1; done
echo "${ANSWER_MARK}end="
`);

/**
 * 1 the folder, 2 the name that it gets, 3 Node.js there, 4 `anew` when what has that name is no use. Tries the bundle out; a
 * failure is said by the program that failed.
 */
export const FINISH: string = script(`${USABLE}
cd "$1" || exit
printf %s "$3" > node-path || exit
seen "$3" > node-seen
cat > run <<'EOF' || exit
#!/bin/sh
# run keeper|runner ARGUMENTS: a part of this bundle, by the Node.js that was found to run it.
dir=\${0%/*}
file=$dir/dist/$1.js
shift
# When it was last used: those that nobody uses are removed.
touch -c "$dir" 2>/dev/null
node=$(cat "$dir/node-path")
if [ -f "$dir/libraries/forget.cjs" ]; then
  exec env LD_LIBRARY_PATH="$dir/libraries" "$node" --require "$dir/libraries/forget.cjs" "$file" "$@"
fi
exec "$node" "$file" "$@"
EOF
chmod 700 run
if [ -d libraries ]; then
  echo 'delete process.env.LD_LIBRARY_PATH;' > libraries/forget.cjs
  export LD_LIBRARY_PATH="$PWD/libraries"
fi
"$3" -e 'for (const file of process.argv.slice(1)) require(file)' "$PWD/build/netscenario.node" "$PWD/node_modules/pcap/build/Release/pcap_binding.node" || exit
unset LD_LIBRARY_PATH
case $3 in "$1"/*) printf %s "$2/\${3#"$1"/}" > node-path;; esac
cd .. || exit
if [ -e "$2" ] && { [ "$4" = anew ] || ! usable "$2"; }; then rm -rf "$2.old"; mv "$2" "$2.old" && rm -rf "$2.old"; fi
if [ -e "$2" ]; then rm -rf "$1"; else mv "$1" "$2" || [ -f "$2/run" ] || exit; fi
rm -rf "$1" "$2/\${1##*/}"
echo "${ANSWER_MARK}end="
`);

/**
 * 1 how many bundles stay whatever their age, 2 days. Removes those that nothing was started of for longer and no process is
 * of: not all processes may be seen (hidepid), and a home may be several machines'. Parts of bundles go after a day.
 */
export const TIDY: string = script(`${CACHE}
cd "$cache" || exit
find . -maxdepth 1 -name '*.part-*' -mtime +0 -exec rm -rf {} +
ls -td -- *-* 2>/dev/null | grep -v '[.]part-' | tail -n "+$(($1 + 1))" | while read -r name; do
  [ -f "$name/run" ] && [ -n "$(find "$name" -maxdepth 0 -mtime "+$2")" ] || continue
  grep -qsF "$cache/$name/" /proc/[0-9]*/cmdline || rm -rf "$name"
done
`);

/** 1 a folder that is no use. */
export const DISCARD = 'rm -rf -- "$1"';

/**
 * 1 the run script, then the keeper's arguments. The keeper gets a session of its own (setsid(1)), so that the end of the
 * connection, or of the sudo in between, does not reach it; this shell stays for sshd(8), which cuts its input otherwise.
 */
export const KEEP = `
run=$1
shift
exec 3<&0
setsid "$run" keeper "$@" <&3 3<&- &
exec 3<&- </dev/null
wait "$!"
`;
