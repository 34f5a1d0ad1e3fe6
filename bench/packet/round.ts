// One round: three namespaces in a row, iperf3, small UDP datagrams and new connections through the middle one: by its kernel, by a
// censor of ours, or by the kernel and a C program that accepts everything. The C programs are in the folder given after the kind.
// Prints a line of JSON.
import { type ChildProcess, spawn } from 'node:child_process';
import { once } from 'node:events';
import { join } from 'node:path';
import { openQueuePath } from '../../src/agent/packet/kernel-path.ts';
import { createPacketPaths } from '../../src/agent/packet/packet-paths.ts';
import { QUEUE_NUMBER } from '../../src/agent/packet/queue-path.ts';
import { inNamespace } from '../../src/kernel/namespace.ts';
import { AT_ONCE, DEFAULT_CENSOR } from '../../src/model/censor-defaults.ts';
import type { PlanCensor } from '../../src/model/plan.ts';
import { createSmallLab } from '../../test/lab/packet/small-lab.ts';

const SECONDS = '2';
/** Seconds of the transfer that do not count: compilers warm up, and what is decided is handed over. */
const WARM_UP = '1';
/**
 * Of the transfer, the same for all: where the kernel may choose, it grows the window while the first packets are inspected, and all
 * that comes after is measured with more of it on its way and less of it in the processor's cache.
 */
const WINDOW = '400K';
/** Small datagrams, one each 100 µs. */
const PROBES = 20_000;
const PROBES_A_SECOND = 10_000;
const PROBE_PORT = '7777';
const SERVER = '10.2.0.2';

/** Follows every flow and looks for a name in it, which is never there: what is not TLS is soon decided. */
const CENSOR: PlanCensor = {
  name: 'bench',
  on: 'middle',
  position: 'in-path',
  ...DEFAULT_CENSOR,
  rules: [
    {
      name: 'forbidden-sni',
      match: { field: 'tls.sni', names: ['blocked.example', '*.blocked.example'] },
      actions: [{ kind: 'drop', direction: 'both', scope: 'flow', after: null }],
      first: null,
      engageAfter: AT_ONCE,
      probability: 1,
    },
  ],
};

/** Nothing is ever decided: every packet is parsed, found its flow and tried. */
const TIRELESS: PlanCensor = {
  ...CENSOR,
  rules: [
    ...CENSOR.rules,
    {
      name: 'never-there',
      match: { field: 'payload.bytes', values: ['b8d1c2f04a79936e'], at: 0 },
      actions: [{ kind: 'drop', direction: 'both', scope: 'packet', after: null }],
      first: null,
      engageAfter: AT_ONCE,
      probability: 1,
    },
  ],
};
const CENSORS = { kernel: [], decided: [CENSOR], inspected: [TIRELESS], accepted: [] } as const;
type Kind = keyof typeof CENSORS;

/** Says hello, is answered, and begins anew, as many at once as a browser does and more. */
const VISIT = `
  const net = require('node:net');
  let visits = 0;
  const visit = () => {
    const socket = net.connect(8080, '${SERVER}', () => socket.write('GET / HTTP/1.1\\r\\nHost: fine.example\\r\\n\\r\\n'));
    socket.on('error', () => {});
    socket.on('data', () => { visits += 1; socket.resetAndDestroy(); });
    socket.on('close', visit);
  };
  for (let index = 0; index < 32; index += 1) visit();
  setTimeout(() => { console.log(visits / ${SECONDS}); process.exit(0); }, ${SECONDS} * 1000);
`;
const HOST = `
  const server = require('node:net').createServer((socket) => {
    socket.on('error', () => {});
    socket.on('data', () => socket.write('hello'));
  });
  server.listen(8080, '0.0.0.0', 4096, () => console.log('ready'));
`;

const TRANSFER = [
  ...['--client', SERVER, '--window', WINDOW],
  ...['--omit', WARM_UP, '--time', SECONDS, '--json'],
];

const [, , round = '', programs = ''] = process.argv;
const kind: Kind = isKind(round) ? round : 'kernel';
const isOurs = kind === 'decided' || kind === 'inspected';
const lab = createSmallLab(
  { inside: { members: ['client', 'middle'] }, outside: { members: ['middle', 'server'] } },
  { middle: isOurs ? 'ring' : 'kernel' },
  CENSORS[kind],
);
const paths = createPacketPaths(lab.context, lab.segments);
await paths.start();
const peer = kind === 'accepted' ? await startPeer() : undefined;
const throughput = await measureThroughput();
const delay = await measureDelay();
const connections = await measureConnections();
peer?.kill();
await paths.stop();
lab.close();
for (const event of lab.events)
  if (event.kind !== 'statistics') console.error(JSON.stringify(event));
console.log(JSON.stringify({ throughput, delay, connections }));

/** Its queue is there before the rule that leads to it. */
async function startPeer(): Promise<ChildProcess> {
  const child = start('middle', join(programs, 'accept-all'), String(QUEUE_NUMBER));
  await said(child, 'ready');
  const { plan, directory } = lab.context;
  const middle = plan.nodes.find(({ name }) => name === 'middle');
  if (middle === undefined) throw new Error('The lab has a node in the middle');
  await openQueuePath(plan, middle, lab.fd('middle'), join(directory, 'xtables.lock'));
  return child;
}

async function measureThroughput(): Promise<number> {
  const server = start('server', 'iperf3', '--server', '--one-off', '--forceflush');
  await said(server, 'listening');
  const report = await finish(start('client', 'iperf3', ...TRANSFER));
  server.kill();
  const { end } = JSON.parse(report) as { end: { sum_received: { bits_per_second: number } } };
  return end.sum_received.bits_per_second;
}

/** One way, in milliseconds. */
async function measureDelay(): Promise<{ readonly p50: number; readonly p99: number }> {
  const probe = join(programs, 'probe');
  const receiver = start('server', probe, 'receive', PROBE_PORT, String(PROBES));
  const told = finish(receiver);
  await said(receiver, 'ready');
  const rate = String(PROBES_A_SECOND);
  await finish(start('client', probe, 'send', SERVER, PROBE_PORT, String(PROBES), rate));
  const [, report = '{}'] = (await told).split('\n');
  const { p50, p99, received } = JSON.parse(report) as Record<'p50' | 'p99' | 'received', number>;
  if (received < PROBES) throw new Error(`${received} of ${PROBES} datagrams arrived`);
  return { p50, p99 };
}

/** A second. */
async function measureConnections(): Promise<number> {
  const server = start('server', process.execPath, '-e', HOST);
  await said(server, 'ready');
  const text = await finish(start('client', process.execPath, '-e', VISIT));
  server.kill();
  return Number(text);
}

function isKind(text: string): text is Kind {
  return text in CENSORS;
}

function start(node: string, program: string, ...argv: readonly string[]): ChildProcess {
  const stdio = ['ignore', 'pipe', 'inherit'] as const;
  return inNamespace(lab.fd(node), () =>
    spawn(program, argv, { stdio: [...stdio], timeout: 30_000 }),
  );
}

/** Resolves when the program has written `wished`, or has ended. Its output is read on, or it would stop. */
function said(child: ChildProcess, wished: string): Promise<void> {
  let text = '';
  return new Promise((resolve) => {
    child.once('close', () => resolve());
    child.stdout?.on('data', (chunk: Buffer) => {
      text += chunk.toString();
      if (text.includes(wished)) resolve();
    });
  });
}

async function finish(child: ChildProcess): Promise<string> {
  let text = '';
  child.stdout?.on('data', (chunk: Buffer) => (text += chunk.toString()));
  await once(child, 'close');
  return text;
}
