// One round, in a network namespace of its own: what carries connections stands between the same clients and the same server, one after the
// other. Its argument is a folder with `load` and `serve`. Prints a line of JSON.
import { type ChildProcess, execFile, execFileSync, spawn } from 'node:child_process';
import { once } from 'node:events';
import { readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { setTimeout } from 'node:timers/promises';
import { promisify } from 'node:util';
import { RUNNER } from '../command.ts';

const run = promisify(execFile);
const [folder = ''] = process.argv.slice(2);
const RELAY = 6633;
const SERVER = 6653;
const WIDE = 32;
const BULK = 6000;
const IN_FLIGHT = 64;
const CONNECTIONS = 6000;
const SECONDS = 2;
const PER_SECOND = 5000;
const PACED = 15_000;
/** Descriptors that a relay has beside those of its connections. */
const SPARE = 100;

/** FLOW_MOD of OpenFlow 1.3: packets that come in at port 1 go out at port 2. */
const MESSAGE = Buffer.from(
  [
    '040e005800000001 0000000000000000 0000000000000000 0000000000000064 ffffffffffffffff ffffffff00000000',
    '0001000c80000004 0000000100000000',
    '0004001800000000 0000001000000002 ffff000000000000',
  ]
    .join('')
    .replaceAll(' ', ''),
  'hex',
);
const MANY = Math.floor(65_536 / MESSAGE.length);
const files = {
  message: write('message', MESSAGE),
  messages: write('messages', Buffer.concat(Array<Buffer>(MANY).fill(MESSAGE))),
  bulk: write('bulk', Buffer.alloc(262_144, MESSAGE)),
  rules: write(
    'rules.yaml',
    'rules: [{ name: edit, direction: C->S, match: { type: FLOW_MOD }, do: { set: { field: "instructions[0].actions[0].port", value: 7 } } }]\n',
  ),
};

const BY_HAND = ['relay', '--quiet', '--listen', `127.0.0.1:${RELAY}`];
const TO_SERVER = ['--target', `127.0.0.1:${SERVER}`];
const CARRIERS = {
  direct: null,
  socat: [
    ...[
      'socat',
      '-b',
      '262144',
      `TCP-LISTEN:${RELAY},bind=127.0.0.1,reuseaddr,fork,nodelay,backlog=4096`,
    ],
    `TCP:127.0.0.1:${SERVER},nodelay`,
  ],
  mitmproxy: [
    ...['mitmdump', '--quiet', '--set', `confdir=${join(folder, 'mitmproxy')}`],
    ...['--listen-host', '127.0.0.1', '--listen-port', String(RELAY)],
    // All hosts are spoken to in raw TCP.
    ...['--mode', `reverse:http://127.0.0.1:${SERVER}`, '--set', 'tcp_hosts=.*'],
    ...['--scripts', join(import.meta.dirname, 'edit.py')],
  ],
  raw: [RUNNER, ...BY_HAND, ...TO_SERVER],
  framed: [RUNNER, ...BY_HAND, ...TO_SERVER, '--protocol', 'openflow'],
  edited: [RUNNER, ...BY_HAND, ...TO_SERVER, '--protocol', 'openflow', '--rules', files.rules],
} as const;
type Carrier = keyof typeof CARRIERS;

execFileSync('ip', ['link', 'set', 'lo', 'up']);
const round = {
  bulk: { raw: await stream('raw', 'bulk', BULK), socat: await stream('socat', 'bulk', BULK) },
  asked: {
    raw: await ask('raw', 1),
    socat: await ask('socat', 1),
    direct: await ask('direct', 1),
  },
  askedWide: {
    raw: await ask('raw', WIDE),
    socat: await ask('socat', WIDE),
    direct: await ask('direct', WIDE),
  },
  connected: {
    raw: await connect('raw'),
    socat: await connect('socat'),
    direct: await connect('direct'),
  },
  streamed: {
    framed: await stream('framed', 'messages', 1000),
    edited: await stream('edited', 'messages', 300),
    mitmproxy: await stream('mitmproxy', 'messages', 60),
  },
  editedWide: { edited: await ask('edited', WIDE), mitmproxy: await ask('mitmproxy', WIDE) },
  delay: {
    direct: await pace('direct'),
    raw: await pace('raw'),
    edited: await pace('edited'),
    socat: await pace('socat'),
  },
  idle: await idle(),
};
console.log(JSON.stringify(round));

/** Of `bulk` bytes a second, of `messages` messages. */
async function stream(carrier: Carrier, what: 'bulk' | 'messages', times: number): Promise<number> {
  const size = readFileSync(files[what]).length * times;
  const serving = ['swallow', String(MESSAGE.length), String(size)] as const;
  const { seconds, isSame } = await through(carrier, serving, async () =>
    load<{ seconds: number; isSame: boolean }>(carrier, 'stream', files[what], times),
  );
  if (isSame === (carrier === 'edited' || carrier === 'mitmproxy'))
    throw new Error(`${carrier} ${isSame ? 'changed nothing' : 'changed something'}`);
  return (what === 'bulk' ? size : MANY * times) / seconds;
}

/** Answers a second. */
function ask(carrier: Carrier, connections: number): Promise<number> {
  return through(carrier, ['echo'], async () => {
    const { perSecond } = await load<Rate>(carrier, 'ask', files.message, connections, SECONDS);
    return perSecond;
  });
}

/** Connections a second. */
function connect(carrier: Carrier): Promise<number> {
  return through(carrier, ['echo'], async () => {
    const words = ['connect', files.message, IN_FLIGHT, CONNECTIONS];
    const { perSecond } = await load<Rate>(carrier, ...words);
    return perSecond;
  });
}

/** Milliseconds that messages take. */
function pace(carrier: Carrier): Promise<unknown> {
  const serving = ['clock', String(MESSAGE.length), String(PACED)] as const;
  return through(carrier, serving, async (server) => {
    const told = output(server);
    await run(program('load'), loading(carrier, 'pace', files.message, PER_SECOND, PACED));
    return JSON.parse(await told) as unknown;
  });
}

/** Megabytes that the relay has with connections that do nothing, and without. */
function idle(): Promise<{ connections: number; before: number; after: number }> {
  return through('raw', ['echo'], async (_, relay) => {
    const limit = Number(
      /Max open files +\d+ +(\d+)/.exec(readFileSync('/proc/self/limits', 'utf8'))?.[1],
    );
    const connections = Math.min(10_000, Math.floor((limit - SPARE) / 2));
    const before = megabytesOf(relay);
    const clients = spawn(program('load'), loading('raw', 'hold', files.message, connections));
    await once(clients.stdout, 'data');
    const after = megabytesOf(relay);
    await stop(clients);
    return { connections, before, after };
  });
}

interface Rate {
  readonly perSecond: number;
}

/** What `measure` gives while the server runs, and a carrier before it. */
async function through<T>(
  carrier: Carrier,
  serving: readonly [string, ...string[]],
  measure: (server: ChildProcess, carrier: ChildProcess) => Promise<T>,
): Promise<T> {
  const [kind, ...rest] = serving;
  const server = await start(SERVER, [program('serve'), kind, String(SERVER), ...rest]);
  const argv = CARRIERS[carrier];
  const between = argv === null ? server : await start(RELAY, argv);
  try {
    return await measure(server, between);
  } finally {
    await stop(between);
    await stop(server);
  }
}

async function load<T>(carrier: Carrier, ...words: readonly (string | number)[]): Promise<T> {
  const { stdout } = await run(program('load'), loading(carrier, ...words), { timeout: 240_000 });
  return JSON.parse(stdout) as T;
}

function loading(carrier: Carrier, ...words: readonly (string | number)[]): string[] {
  const [kind = '', ...rest] = words.map(String);
  return [kind, String(carrier === 'direct' ? SERVER : RELAY), ...rest];
}

/** Resolves once it listens. */
async function start(port: number, argv: readonly string[]): Promise<ChildProcess> {
  const [command = '', ...args] = argv;
  const child = spawn(command, args, { stdio: ['ignore', 'pipe', 'inherit'] });
  while (!isListening(port)) {
    if (child.exitCode !== null) throw new Error(`${argv.join(' ')} ended`);
    await setTimeout(20);
  }
  return child;
}

function isListening(port: number): boolean {
  const place = `:${port.toString(16).toUpperCase()} 00000000:0000 0A`;
  return readFileSync('/proc/self/net/tcp', 'utf8').includes(place);
}

async function stop(child: ChildProcess): Promise<void> {
  if (child.exitCode !== null || child.signalCode !== null) return;
  const ended = once(child, 'exit');
  child.kill('SIGTERM');
  await ended;
}

async function output({ stdout }: ChildProcess): Promise<string> {
  let text = '';
  for await (const part of stdout ?? []) text += String(part);
  return text;
}

/** Of the process and those that it has started. */
function megabytesOf({ pid }: { readonly pid?: number | undefined }): number {
  const own = Number(/VmRSS:\s+(\d+)/.exec(readFileSync(`/proc/${pid}/status`, 'utf8'))?.[1]);
  const children = readFileSync(`/proc/${pid}/task/${pid}/children`, 'utf8').split(' ');
  return children
    .filter((child) => child.trim() !== '')
    .reduce((sum, child) => sum + megabytesOf({ pid: Number(child) }), (own * 1024) / 1e6);
}

function program(name: string): string {
  return join(folder, name);
}

function write(name: string, content: string | Buffer): string {
  const file = join(folder, name);
  writeFileSync(file, content);
  return file;
}
