// One round: three namespaces in a row, iperf3 and small UDP datagrams through the middle one. Prints a line of JSON.
import { type ChildProcess, spawn } from 'node:child_process';
import { once } from 'node:events';
import { createPacketPaths } from '../../src/agent/packet/packet-paths.ts';
import { inNamespace } from '../../src/kernel/namespace.ts';
import { AT_ONCE, DEFAULT_CENSOR } from '../../src/model/censor-defaults.ts';
import type { PlanCensor } from '../../src/model/plan.ts';
import { createSmallLab } from '../../test/lab/packet/small-lab.ts';

const SECONDS = '2';
const PROBES = 1000;
const SERVER = '10.2.0.2';

/** Parses every packet, follows every flow and looks for a name in it, which is never there. */
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

const ECHO = `
  const socket = require('node:dgram').createSocket('udp4', (data, { port, address }) => socket.send(data, port, address));
  socket.bind(7777, () => console.log('ready'));
`;
const ASK = `
  const socket = require('node:dgram').createSocket('udp4');
  const times = [];
  let sent = 0;
  const next = () => { if (times.length === ${PROBES}) return tell(); sent = process.hrtime.bigint(); socket.send('probe', 7777, '${SERVER}'); };
  const tell = () => { times.sort((a, b) => a - b); console.log(times[${PROBES} >> 1]); process.exit(0); };
  socket.on('message', () => { times.push(Number(process.hrtime.bigint() - sent) / 1e6); setTimeout(next, 1); });
  next();
`;

const path = process.argv[2] === 'ring' ? 'ring' : 'kernel';
const lab = createSmallLab(
  { inside: { members: ['client', 'middle'] }, outside: { members: ['middle', 'server'] } },
  { middle: path },
  path === 'ring' ? [CENSOR] : [],
);
const paths = createPacketPaths(lab.context, lab.segments);
await paths.start();
const throughput = await measureThroughput();
const roundTrip = await measureRoundTrip();
await paths.stop();
lab.close();
for (const event of lab.events) console.error(JSON.stringify(event));
console.log(JSON.stringify({ throughput, roundTrip }));

async function measureThroughput(): Promise<number> {
  const server = start('server', 'iperf3', '--server', '--one-off', '--forceflush');
  await said(server, 'listening');
  const report = await finish(
    start('client', 'iperf3', '--client', SERVER, '--time', SECONDS, '--json'),
  );
  server.kill();
  const { end } = JSON.parse(report) as { end: { sum_received: { bits_per_second: number } } };
  return end.sum_received.bits_per_second;
}

async function measureRoundTrip(): Promise<number> {
  const server = start('server', process.execPath, '-e', ECHO);
  await said(server, 'ready');
  const median = Number(await finish(start('client', process.execPath, '-e', ASK)));
  server.kill();
  return median;
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
