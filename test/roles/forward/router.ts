// A node between two networks, packets for it, and what became of them.
import type { IpAddress } from '../../../src/base/addresses.ts';
import { parseIp, parsePrefix } from '../../../src/base/addresses.ts';
import type { PlanNetwork, PlanNode, PlanRoute } from '../../../src/model/plan.ts';
import { type ForwardOutput, Forwarder } from '../../../src/roles/forward/forwarder.ts';
import { type Route, buildRouteTable } from '../../../src/roles/forward/route-table.ts';

export const ip = (text: string): IpAddress => {
  const parsed = parseIp(text);
  if (!parsed.ok) throw new Error(parsed.error);
  return parsed.value;
};

const route = (to: string, rest: Partial<PlanRoute> = {}): PlanRoute => ({
  to,
  interface: 'r-left',
  table: 'main',
  kind: 'unicast',
  ...rest,
});

const RIGHT = { interface: 'r-right' };

export const NODE: PlanNode = {
  name: 'r',
  kind: 'host',
  machine: 'local',
  stack: 'namespace',
  forwarding: true,
  path: 'ring',
  interfaces: [
    {
      name: 'r-left',
      network: 'left',
      mac: '02:00:00:00:01:01',
      mtu: 1500,
      addresses: ['10.1.0.1/24', 'fd00:1::1/64'],
      offload: false,
    },
    {
      name: 'r-right',
      network: 'right',
      mac: '02:00:00:00:02:01',
      mtu: 1280,
      addresses: ['10.2.0.1/24', 'fd00:2::1/64'],
      offload: false,
    },
  ],
  routes: [
    route('10.1.0.0/24'),
    route('fd00:1::/64'),
    route('10.2.0.0/24', RIGHT),
    route('fd00:2::/64', RIGHT),
    route('10.50.0.0/16', { ...RIGHT, via: '10.2.0.9', viaMac: '02:00:00:00:02:09', metric: 10 }),
    route('10.50.0.0/16', { via: '10.1.0.9', viaMac: '02:00:00:00:01:09', metric: 20 }),
    route('10.50.7.0/24', { kind: 'unreachable' }),
    route('10.50.8.0/24', { kind: 'blackhole' }),
    route('10.60.0.0/16', { ...RIGHT, table: 100, via: '10.2.0.9', viaMac: '02:00:00:00:02:09' }),
  ],
  rules: [],
  nat: [],
  names: [],
  resolvers: [],
};

const network = (name: string, n: number): PlanNetwork => ({
  name,
  kind: 'veth',
  subnets: [`10.${n}.0.0/24`, `fd00:${n}::/64`],
  mtu: 1500,
  isolated: true,
  uplink: false,
  gateway: [],
  members: [1, 2].map((member) => ({
    node: member === 1 ? 'r' : `host-${name}`,
    interface: member === 1 ? `r-${name}` : `host-${name}`,
    mac: `02:00:00:00:0${n}:0${member}`,
    addresses: [`10.${n}.0.${member}/24`, `fd00:${n}::${member}/64`],
  })),
});

export const NETWORKS: readonly PlanNetwork[] = [network('left', 1), network('right', 2)];

export interface Sent {
  readonly packet: Uint8Array;
  readonly port: number;
  /** Destination, in hexadecimal digits. */
  readonly mac: string;
  /** Whether the forwarder made it. */
  readonly isNew: boolean;
}

/** A forwarder whose output is kept. */
export class Router implements ForwardOutput {
  readonly sent: Sent[] = [];
  readonly forwarder: Forwarder = new Forwarder({
    routes: buildRouteTable(NODE, NETWORKS),
    addresses: NODE.interfaces.map(({ addresses }) =>
      addresses.flatMap((text) => {
        const prefix = parsePrefix(text);
        return prefix.ok ? [prefix.value.address] : [];
      }),
    ),
  });

  send(memory: Uint8Array, start: number, end: number, { port, macs }: Route): void {
    this.#keep(memory.slice(start, end), port, macs, false);
  }

  sendNew(packet: Uint8Array, { port, macs }: Route): void {
    this.#keep(packet, port, macs, true);
  }

  /** Forwards a packet that lies somewhere within a larger memory. */
  forward(packet: Uint8Array, now = 1e15): Sent[] {
    const memory = new Uint8Array(packet.length + 40);
    memory.set(packet, 20);
    this.sent.length = 0;
    this.forwarder.forward(memory, 20, 20 + packet.length, now, this);
    return [...this.sent];
  }

  #keep(packet: Uint8Array, port: number, macs: Uint8Array, isNew: boolean): void {
    this.sent.push({ packet, port, mac: Buffer.from(macs.subarray(0, 6)).toString('hex'), isNew });
  }
}
