// How any program of the experimenter is started in a node. Pure: it only builds an argument vector.

/**
 * The one shell text there is, and it is constant: everything of a scenario comes as a positional argument.
 * $1 and $2 take the place of /etc/hosts and /etc/resolv.conf, for this program alone. The sockets of name services of the
 * machine are covered, since file system sockets reach past a network namespace.
 */
const LAUNCHER = [
  'mount --bind "$1" /etc/hosts && mount --bind "$2" /etc/resolv.conf || exit 126',
  'for service in /run/nscd/socket /run/systemd/resolve/io.systemd.Resolve; do',
  '  if [ -S "$service" ]; then mount --bind /dev/null "$service" || exit 126; fi',
  'done',
  'shift 2',
  'exec "$@"',
].join('\n');

/**
 * The arguments that start `argv` with the lab's names in place of the machine's, in a mount namespace of its own:
 * unshare(1), then a constant sh(1) text. It exits 126 when that cannot be done, else with the program's own code.
 */
export const programArgv = (
  hostsFile: string,
  resolvFile: string,
  argv: readonly string[],
): string[] => [
  ...['unshare', '--mount', '--', 'sh', '-c', LAUNCHER, 'runner'],
  ...[hostsFile, resolvFile, ...argv],
];

/** A node's hosts(5) and resolv.conf(5), which the agent writes below the run's folder. */
export const hostsFile = (directory: string, node: string): string =>
  `${directory}/lab/${node}.hosts`;
export const resolvFile = (directory: string, node: string): string =>
  `${directory}/lab/${node}.resolv.conf`;
