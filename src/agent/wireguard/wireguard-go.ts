// WireGuard where the kernel has none: wireguard-go(8), a process of the lab that ends with it. It is started where its UDP
// socket is to be; its interface is then moved to where packets meet it.
import { type ChildProcess, spawn } from 'node:child_process';
import { existsSync, realpathSync } from 'node:fs';
import { connect } from 'node:net';
import { setTimeout as sleep } from 'node:timers/promises';
import { Fault } from '../../base/fault.ts';
import { inNamespace } from '../../kernel/namespace.ts';
import { findLink } from '../../kernel/netlink/find-link.ts';
import { moveLink, setMtu } from '../../kernel/netlink/wireguard.ts';
import { NetlinkError, exchange } from '../../kernel/netlink/socket.ts';
import type { WireguardDevice, WireguardPlace } from './interface.ts';
import { getPeers, setConfiguration, setKeepalive } from './uapi.ts';

/** Until it takes orders. */
const READY_LIMIT_MS = 10_000;
const LOOK_MS = 5;
/** Of its last words: bytes. */
const WORDS_KEPT = 4096;

/**
 * Its control socket is where all of the machine's are, which is no place for a lab's: it gets an empty /var/run of its own,
 * in a mount namespace of its own.
 */
const START = 'mount -t tmpfs -o mode=0700 tmpfs /var/run && exec wireguard-go --foreground "$0"';

export const wireguardGoArgv = (name: string): [string, ...string[]] => [
  ...(['unshare', '--mount', '--propagation', 'private', '--'] as const),
  ...['sh', '-c', START, name],
];

export async function startWireguardGo(place: WireguardPlace): Promise<WireguardDevice> {
  const { name, namespaces } = place;
  const [program, ...rest] = wireguardGoArgv(name);
  const child = inNamespace(namespaces.socket, () =>
    spawn(program, rest, {
      stdio: ['ignore', 'pipe', 'pipe'],
      env: { PATH: process.env['PATH'], LOG_LEVEL: 'error' },
    }),
  );
  const words = keepLastWords(child);
  const socketPath = controlSocket(child.pid ?? 0, name);
  const ended = new Promise<string>((resolve) => {
    child.on('close', (code, signal) => resolve(words() || (signal ?? `exit code ${code ?? -1}`)));
  });
  let index: number;
  try {
    await untilReady(child, socketPath, words);
    index = namespaces.socket === namespaces.device ? keepDevice(place) : moveDevice(place);
  } catch (error) {
    child.kill('SIGKILL');
    throw error;
  }
  return {
    implementation: 'wireguard-go',
    index,
    ended,
    configure: (configuration) => setConfiguration(socketPath, configuration),
    keepAlive: (publicKey, seconds) => setKeepalive(socketPath, publicKey, seconds),
    handshakes: async () => {
      const peers = await getPeers(socketPath);
      return new Set(peers.filter(({ handshake }) => handshake > 0).map((peer) => peer.publicKey));
    },
  };
}

/**
 * In the process's own view of the file system, which /proc shows. A link in it would lead into ours, and /var/run is one
 * to /run on most machines.
 */
function controlSocket(pid: number, name: string): string {
  const folder = existsSync('/var/run') ? realpathSync('/var/run') : '/var/run';
  return `/proc/${pid}/root${folder}/wireguard/${name}.sock`;
}

/** Settles when its control socket takes who comes; throws what it said when it ends before. */
async function untilReady(
  child: ChildProcess,
  socketPath: string,
  words: () => string,
): Promise<void> {
  // An object, since it changes behind the compiler's back.
  const outcome: { ending?: string } = {};
  child.on('error', (error) => (outcome.ending = error.message));
  child.on('close', (code, signal) => (outcome.ending = signal ?? `exit code ${code ?? -1}`));
  const end = performance.now() + READY_LIMIT_MS;
  while (!(await listens(socketPath))) {
    if (outcome.ending !== undefined) throw startFault(words() || outcome.ending);
    if (performance.now() > end) throw startFault(`it was not ready within ${READY_LIMIT_MS} ms`);
    await sleep(LOOK_MS);
  }
}

/** The file is there from when it is bound; who comes before it listens is refused. */
const listens = (socketPath: string): Promise<boolean> =>
  new Promise((resolve) => {
    const socket = connect(socketPath);
    socket.on('connect', () => {
      socket.destroy();
      resolve(true);
    });
    socket.on('error', () => resolve(false));
  });

function startFault(said: string): Fault {
  const help = said.includes('not found')
    ? 'Install it: "sudo apt-get install wireguard-go", or load the kernel\'s: "sudo modprobe wireguard"'
    : said.includes('TUN device: permission denied')
      ? 'Run "sudo chmod 666 /dev/net/tun" on that machine, or run runner with sudo'
      : 'Run "runner doctor" on that machine: it says whether /dev/net/tun can be opened';
  return new Fault(
    'machine',
    `The kernel has no WireGuard, and wireguard-go could not be started: ${said}`,
    { help },
  );
}

/** Where it was born is where it is to be. */
function keepDevice({ name, mtu, namespaces }: WireguardPlace): number {
  return inNamespace(namespaces.device, () => {
    const index = findLink(name);
    if (index === undefined) throw new Fault('machine', `wireguard-go made no interface "${name}"`);
    exchange([setMtu(index, mtu)]);
    return index;
  });
}

function moveDevice({ name, index, mtu, namespaces }: WireguardPlace): number {
  inNamespace(namespaces.socket, () => exchange([moveLink(name, namespaces.device, index)]));
  try {
    inNamespace(namespaces.device, () => exchange([setMtu(index, mtu)]));
    return index;
  } catch (cause) {
    if (!(cause instanceof NetlinkError) || cause.code !== 'ENODEV') throw cause;
    // IFLA_NEW_IFINDEX is not heeded by older ones.
    throw new Fault(
      'machine',
      'wireguard-go needs Linux 5.13 or newer: an older kernel does not let an interface have a chosen index where it is moved to',
      { help: 'Load the kernel\'s own WireGuard there: "sudo modprobe wireguard"', cause },
    );
  }
}

/** The end of what it writes, its log on standard output, without wireguard-go's banner: its first lines, in a box. */
function keepLastWords(child: ChildProcess): () => string {
  let kept = '';
  for (const stream of [child.stdout, child.stderr])
    stream?.setEncoding('utf8').on('data', (text: string) => {
      kept = (kept + text).slice(-WORDS_KEPT);
    });
  return () =>
    kept
      .split('\n')
      .filter((line) => line.trim() !== '' && !/^[\s│┌└─]/.test(line))
      .map((line) => line.replace(/^ERROR: \(\S+\) [\d/]+ [\d:]+ /, ''))
      .join(', ');
}
