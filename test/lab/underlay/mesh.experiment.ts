// A WireGuard mesh between three "machines", network stacks on one wire, all by one process: says what it found as JSON.
import { execFileSync } from 'node:child_process';
import { readdirSync, readFileSync } from 'node:fs';
import type { UnderlayPlace, UnderlayStacks } from '../../../src/agent/underlay/place.ts';
import { prepareUnderlay } from '../../../src/agent/underlay/underlay.ts';
import { createNetworkNamespace, inNamespace } from '../../../src/kernel/namespace.ts';
import { planMesh } from '../../../src/lab/fleet/wireguard-mesh.ts';
import { type WireguardKeys, generateKeyPair } from '../../../src/lab/fleet/wireguard-keys.ts';
import type { PlanNetwork } from '../../../src/model/plan.ts';
import type { UnderlayOrder } from '../../../src/model/rpc.ts';

const run = (namespace: number, command: string): string =>
  inNamespace(namespace, () =>
    execFileSync('sh', ['-c', command], { encoding: 'utf8', timeout: 20_000 }),
  );

const names = ['a', 'b', 'c'];
const wire = createNetworkNamespace();
run(wire, 'ip link add wire type bridge mcast_snooping 0 && ip link set wire up');
const stacks = new Map(names.map((name, number) => [name, makeMachine(name, number)]));

/** A machine's own stack and the segment of a lab on it. */
function makeMachine(name: string, number: number): UnderlayStacks {
  const machine = createNetworkNamespace();
  const segment = createNetworkNamespace();
  const there = `/proc/${process.pid}/fd/${machine}`;
  run(wire, `ip link add to-${name} type veth peer name eth0 netns ${there}`);
  run(wire, `ip link set to-${name} master wire up`);
  run(machine, 'ip link set lo up && ip link set eth0 up');
  run(machine, `ip addr add 192.0.2.${number + 1}/24 dev eth0`);
  run(machine, `ip addr add 2001:db8::${number + 1}/64 dev eth0 nodad`);
  let index = 100;
  return { machine, segment, labId: `0000000${number}`, assignIndex: () => index++ };
}

const secrets: string[] = [];
const makeKeys = (): WireguardKeys => {
  const keys = generateKeyPair();
  secrets.push(keys.privateKey, Buffer.from(keys.privateKey, 'base64').toString('hex'));
  return keys;
};

function order(addressOf: (number: number) => string, port: number): Map<string, UnderlayOrder> {
  const network: PlanNetwork = {
    ...{ name: 'net', kind: 'bridge', subnets: ['10.0.0.0/24'], mtu: 1350, isolated: true },
    ...{ uplink: false, gateway: [], members: [] },
    trunks: names.map((machine) => ({
      ...{ machine, interface: 'trunk', vni: 0 },
      peers: names.filter((peer) => peer !== machine),
    })),
  };
  const machines = names.map((name, number) => ({
    ...{ name, address: addressOf(number), port },
  }));
  const mesh = planMesh(machines, { networks: [network] }, makeKeys);
  return new Map([...mesh].map(([name, part]) => [name, { vniBase: 0, ...part }]));
}

async function raise(orders: ReadonlyMap<string, UnderlayOrder>): Promise<UnderlayPlace[]> {
  return Promise.all(
    [...orders].map(([name, part]) => {
      const place = stacks.get(name);
      if (!place) throw new Error(`No machine ${name}`);
      return prepareUnderlay(part, place);
    }),
  );
}

async function faultOf(action: () => Promise<unknown>): Promise<string> {
  try {
    await action();
    return 'none';
  } catch (error) {
    return error instanceof Error ? error.message : String(error);
  }
}

const plainOrder: UnderlayOrder = { vniBase: 7, own: '192.0.2.1', peers: { b: '192.0.2.2' } };
const [first] = stacks.values();
const plain = first && (await prepareUnderlay(plainOrder, first));

const start = performance.now();
const places = await raise(order((number) => `192.0.2.${number + 1}`, 51820));
const millis = performance.now() - start;
const [own] = places;
const segment = own?.namespaceFd ?? 0;
const machine = first?.machine ?? 0;
const processes = readdirSync('/proc').filter((name) => /^\d+$/.test(name));
const commands = processes.map((pid) => read(pid, 'cmdline').replaceAll('\0', ' '));

function read(pid: string, file: string): string {
  try {
    return readFileSync(`/proc/${pid}/${file}`, 'utf8');
  } catch {
    return '';
  }
}

/** Another lab on the first machine, and the faults that it meets. */
const silent = order((number) => `192.0.2.${number + 100}`, 51821).get('a');
const other = first && {
  ...{ machine, segment: createNetworkNamespace(), labId: '0000ffff' },
  assignIndex: () => 500,
};
const found = {
  isPlainInMachine: plain?.namespaceFd === machine,
  millis,
  own: own?.own,
  peers: own?.peers,
  pings: Object.values(own?.peers ?? {}).map((peer) =>
    run(segment, `ping -c 1 -W 2 -s 1312 -M do ${peer}`),
  ),
  link: run(segment, 'ip -details link show'),
  routes: run(segment, 'ip route show'),
  machineLinks: run(machine, 'ip link show'),
  machineSockets: run(machine, 'ss -lun'),
  controlSockets: run(machine, 'ls /var/run/wireguard 2>/dev/null || true'),
  wireguards: commands.filter((command) => command.startsWith('wireguard-go')).length,
  leaks: processes.flatMap((pid) =>
    ['cmdline', 'environ'].filter((file) =>
      // The experiment itself was not handed any key either.
      secrets.some((secret) => read(pid, file).includes(secret)),
    ),
  ),
  isPortTaken: other && (await faultOf(() => prepareUnderlay(orderOf('a', 51820), other))),
  silence: other && silent && (await faultOf(() => prepareUnderlay(silent, other))),
  narrow: await (async () => {
    run(machine, 'ip link set eth0 mtu 600');
    const narrow = orderOf('a', 51822);
    return other && faultOf(() => prepareUnderlay(narrow, other));
  })(),
};

function orderOf(name: string, port: number): UnderlayOrder {
  const part = order((number) => `192.0.2.${number + 1}`, port).get(name);
  if (!part) throw new Error(`No order for ${name}`);
  return part;
}

// All at once: what it holds ends with it, and nobody waits for wireguard-go.
process.stdout.write(JSON.stringify(found), () => process.exit(0));
