// Runs in namespaces of its own (see captures.test.ts): a veth pair between this namespace and another, captures on both
// ends, and one experiment by name. Its result is a line of JSON.
import { execFileSync } from 'node:child_process';
import dgram from 'node:dgram';
import { mkdirSync, readdirSync, writeFileSync } from 'node:fs';
import { once } from 'node:events';
import { createCaptures } from '../../../src/agent/capture/captures.ts';
import type { AgentContext } from '../../../src/agent/context.ts';
import { Fault } from '../../../src/base/fault.ts';
import {
  createNetworkNamespace,
  inNamespace,
  openNetworkNamespace,
} from '../../../src/kernel/namespace.ts';
import type { Plan, PlanCapture } from '../../../src/model/plan.ts';
import type { AgentEvent } from '../../../src/model/rpc.ts';

const [experiment, directory = '', packets = '0', size = '100', filter = ''] =
  process.argv.slice(2);
const near = openNetworkNamespace();
const far = createNetworkNamespace();
const ip = (...argv: string[]): void => {
  execFileSync('ip', argv, { stdio: 'inherit' });
};
ip('link', 'add', 'near', 'type', 'veth', 'peer', 'name', 'far');
ip('link', 'set', 'far', 'netns', `/proc/${process.pid}/fd/${far}`);
ip('addr', 'add', '10.9.0.1/24', 'dev', 'near');
ip('link', 'set', 'near', 'up');
inNamespace(far, () => {
  ip('addr', 'add', '10.9.0.2/24', 'dev', 'far');
  ip('link', 'set', 'far', 'up');
  ip('link', 'set', 'lo', 'up');
});

const events: AgentEvent[] = [];
const capture = (node: string): PlanCapture => ({
  node,
  network: 'link',
  interface: node,
  file: `captures/${node}.link.pcap`,
  filter,
  snaplen: 262_144,
});
const context: AgentContext = {
  plan: { captures: [capture('near'), capture('far')], expectations: [] } as unknown as Plan,
  directory,
  namespaceFd: (node) => (node === 'far' ? far : near),
  emit: (event) => events.push(event),
};

async function send(count: number, bytes: number): Promise<void> {
  const socket = dgram.createSocket('udp4');
  socket.bind(0);
  await once(socket, 'listening');
  const payload = Buffer.alloc(bytes);
  for (let sent = 0; sent < count; sent += 1)
    await new Promise<void>((resolve, reject) => {
      socket.send(payload, 9, '10.9.0.2', (error) => (error ? reject(error) : resolve()));
    });
  socket.close();
}

/** Takes all space of the directory but `spare` bytes. */
function fill(spare: number): void {
  const chunk = Buffer.alloc(4096);
  let blocks = 0;
  try {
    for (; ; blocks += 1) writeFileSync(`${directory}/filler`, chunk, { flag: 'a' });
  } catch {
    execFileSync('truncate', ['-s', String(blocks * 4096 - spare), `${directory}/filler`]);
  }
}

async function run(): Promise<unknown> {
  if (experiment === 'full-disk') {
    execFileSync('mount', ['-t', 'tmpfs', '-o', 'size=1m', 'tmpfs', directory]);
    mkdirSync(`${directory}/captures`);
  }
  const captures = createCaptures(context);
  if (experiment === 'load') {
    await captures.load();
    return { left: readdirSync(directory, { recursive: true }) };
  }
  await captures.start();
  if (experiment === 'full-disk') fill(64 * 1024);
  await send(Number(packets), Number(size));
  const stats = await captures.stop();
  const files = stats.map(({ file }) => file);
  const counts = await Promise.all([
    captures.countPackets(files.slice(0, 1), 'udp and dst port 9'),
    captures.countPackets(files, ''),
    captures.countPackets(files, 'icmp[icmptype] == icmp-unreach'),
  ]);
  const badCount = await captures.countPackets(files, 'udp port').then(
    () => null,
    (fault: unknown) => (fault instanceof Fault ? fault.message : String(fault)),
  );
  return { stats, counts, badCount, events };
}

let result: unknown;
try {
  result = await run();
} catch (fault) {
  if (!(fault instanceof Fault)) throw fault;
  const { kind, message, help } = fault;
  result = { fault: { kind, message, help } };
}
process.stdout.write(`${JSON.stringify(result)}\n`);
process.exit(0);
