// Stands for a machine: runs inside a user and network namespace of its own, where it has addresses, default routes and a
// service; applies a scenario whose client tries to reach all of them, while it tries to reach the lab itself. Prints
// what was reached, as JSON. Nothing leaves the namespace.
import { execFileSync, spawn } from 'node:child_process';
import { once } from 'node:events';
import { writeFileSync } from 'node:fs';
import { createServer } from 'node:net';
import { join } from 'node:path';
import { reach } from './reach.ts';

export interface IsolationReport {
  /** Exit codes of the two runs, and what they said. */
  readonly codes: readonly (number | null)[];
  readonly said: string;
  /** Addresses in the lab that this machine reached. */
  readonly reachedFromMachine: readonly string[];
  /** How often the machine tried. */
  readonly tries: number;
  /** Connections that came to this machine's service. */
  readonly connections: number;
  /** Packets that left the machine while only the lab was active. */
  readonly packetsOut: number;
}

const [runner = '', folder = ''] = process.argv.slice(2);
const PORT = 9999;
const ADDRESSES = ['192.0.2.10', '2001:db8::10'];
const OUTSIDE = ['198.51.100.1', '2001:db8:1::1'];
const LAB = ['10.77.0.2', 'fd77::2'];

setUpMachine();
let connections = 0;
const service = createServer((socket) => {
  connections += 1;
  socket.destroy();
}).listen(PORT, '::');
await once(service, 'listening');
const file = writeScenario();

const before = packetsOut();
const quiet = await applyScenario();
const packets = packetsOut() - before;

const knocking = new AbortController();
const knocks = knockUntil(knocking.signal);
const knocked = await applyScenario();
knocking.abort();
const { reached, tries } = await knocks;

const report: IsolationReport = {
  codes: [quiet.code, knocked.code],
  said: quiet.said + knocked.said,
  reachedFromMachine: reached,
  tries,
  connections,
  packetsOut: packets,
};
process.stdout.write(JSON.stringify(report));
service.close();

function setUpMachine(): void {
  const ends = ['eth0 address 02:00:00:00:00:10', 'gateway address 02:00:00:00:00:01'];
  const commands = [
    'link set lo up',
    `link add ${ends.join(' type veth peer name ')}`,
    'address add 192.0.2.10/24 dev eth0',
    'address add 2001:db8::10/64 dev eth0 nodad',
    'link set gateway up',
    'link set eth0 up',
    'neighbour add 192.0.2.1 lladdr 02:00:00:00:00:01 dev eth0',
    'neighbour add 2001:db8::1 lladdr 02:00:00:00:00:01 dev eth0',
    'route add default via 192.0.2.1',
    'route add default via 2001:db8::1',
  ];
  for (const command of commands) execFileSync('ip', command.split(' '));
  // What IPv6 says of itself (neighbours, routers, groups) is no traffic.
  const rules = `table inet watch {
    chain out {
      type filter hook postrouting priority 0
      oifname "eth0" icmpv6 type { 133, 134, 135, 136, 143 } accept
      oifname "eth0" counter
    }
  }`;
  execFileSync('nft', ['--file', '-'], { input: rules });
}

function writeScenario(): string {
  const program = join(import.meta.dirname, 'reach-program.ts');
  const run = [
    process.execPath,
    '--import',
    import.meta.resolve('ts-blank-space/register'),
    program,
  ];
  const scenario = {
    version: 1,
    name: 'isolation',
    hosts: { client: {}, server: {} },
    networks: {
      lan: {
        subnet: ['10.77.0.0/24', 'fd77::/64'],
        members: { client: {}, server: { address: LAB } },
      },
    },
    traffic: [
      { name: 'echo', on: 'server', serve: { echo: { tcp: PORT } } },
      { name: 'inside', from: 'client', run: [...run, String(PORT), 'all', ...LAB] },
      {
        name: 'outward',
        from: 'client',
        after: 'inside',
        run: [...run, String(PORT), 'none', ...ADDRESSES, ...OUTSIDE],
      },
    ],
    expect: [
      { flow: 'inside', failure: null },
      { flow: 'outward', failure: null },
    ],
  };
  const path = join(folder, 'isolation.yaml');
  writeFileSync(path, JSON.stringify(scenario));
  return path;
}

async function applyScenario(): Promise<{ code: number | null; said: string }> {
  const out = join(folder, 'results');
  const child = spawn(process.execPath, [runner, 'apply', file, '--json', '--out', out]);
  let said = '';
  for (const stream of [child.stdout, child.stderr])
    stream.on('data', (chunk: Buffer) => (said += chunk.toString()));
  const [code] = (await once(child, 'close')) as [number | null];
  return { code, said };
}

async function knockUntil(over: AbortSignal): Promise<{ reached: string[]; tries: number }> {
  const reached = new Set<string>();
  let tries = 0;
  while (!over.aborted) {
    tries += 1;
    for (const address of await reach(PORT, LAB)) reached.add(address);
  }
  return { reached: [...reached], tries };
}

/** Packets that the machine sent or forwarded towards the outside. */
function packetsOut(): number {
  const rules = execFileSync('nft', ['list', 'chain', 'inet', 'watch', 'out'], {
    encoding: 'utf8',
  });
  return Number(/counter packets (\d+)/.exec(rules)?.[1]);
}
