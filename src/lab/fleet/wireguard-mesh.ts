// Who is who in the WireGuard mesh between the machines of a lab: addresses within it, keys, endpoints.
import {
  type IpPrefix,
  formatIp,
  ipFromBigInt,
  ipToBigInt,
  networkAddress,
  parsePrefix,
  prefixSize,
  prefixesOverlap,
} from '../../base/addresses.ts';
import { Fault } from '../../base/fault.ts';
import { invariant } from '../../base/invariant.ts';
import type { Plan } from '../../model/plan.ts';
import type { UnderlayOrder } from '../../model/rpc.ts';
import { UPLINK_RANGES } from '../../model/uplink.ts';
import { type WireguardKeys, generateKeyPair } from './wireguard-keys.ts';

export interface MeshMachine {
  readonly name: string;
  /** Where the other machines reach it: an address, without WireGuard. */
  readonly address: string;
  readonly port: number;
}

/**
 * Where the mesh may have its addresses: the range for benchmarks (RFC 2544), that between carriers and customers
 * (RFC 6598), the private ones (RFC 1918). They are seen in the lab's own segments alone.
 */
const POOLS = ['198.18.0.0/15', '100.64.0.0/10', '172.16.0.0/12', '10.0.0.0/8', '192.168.0.0/16'];

/**
 * What each machine is told of the mesh, but for the numbers of its networks. Machines are peers when they share a network;
 * those that share none with any are left out.
 */
export function planMesh(
  machines: readonly MeshMachine[],
  plan: Pick<Plan, 'networks'>,
  makeKeys: () => WireguardKeys = generateKeyPair,
): Map<string, Omit<UnderlayOrder, 'vniBase'>> {
  const keys = new Map(machines.map(({ name }) => [name, makeKeys()]));
  const addresses = assignAddresses(machines, plan);
  const meeting = new Map(machines.map(({ name }) => [name, listPeers(plan, name)]));
  return new Map(
    machines.flatMap((machine) => {
      const peers = machines.filter(({ name }) => meeting.get(machine.name)?.has(name));
      if (peers.length === 0) return [];
      const addressOf = (name: string): string => addresses.get(name) ?? '';
      const keyOf = (name: string, kind: keyof WireguardKeys): string =>
        keys.get(name)?.[kind] ?? '';
      const order = {
        own: addressOf(machine.name),
        peers: Object.fromEntries(peers.map(({ name }) => [name, addressOf(name)])),
        wireguard: {
          privateKey: keyOf(machine.name, 'privateKey'),
          port: machine.port,
          peers: peers.map(({ name, address, port }) => ({
            machine: name,
            publicKey: keyOf(name, 'publicKey'),
            endpoint: { address, port },
          })),
        },
      };
      return [[machine.name, order] as const];
    }),
  );
}

function listPeers({ networks }: Pick<Plan, 'networks'>, machine: string): Set<string> {
  const trunks = networks.flatMap((network) => network.trunks ?? []);
  return new Set<string>(
    trunks.filter((trunk) => trunk.machine === machine).flatMap(({ peers }) => peers),
  );
}

/** The mesh's addresses, by machine: consecutive ones of a block that no network of the plan and no uplink overlaps. */
function assignAddresses(
  machines: readonly MeshMachine[],
  { networks }: Pick<Plan, 'networks'>,
): Map<string, string> {
  const taken = [...UPLINK_RANGES, ...networks.flatMap(({ subnets }) => subnets)].map(toPrefix);
  // Neither the first nor the last address of a block is anybody's.
  const length = 32 - Math.ceil(Math.log2(machines.length + 2));
  const block = POOLS.map(toPrefix)
    .map((pool) => findBlock(pool, length, taken))
    .find((found) => found !== undefined);
  if (!block)
    throw new Fault(
      'machine',
      `The networks of the scenario leave no addresses for the WireGuard mesh of ${machines.length} machines`,
      { help: `Leave room in one of ${POOLS.join(', ')}` },
    );
  const first = ipToBigInt(block.address) + 1n;
  return new Map(
    machines.map(({ name }, index) => [name, formatIp(ipFromBigInt(first + BigInt(index), 4))]),
  );
}

/** The first free block of that length in the pool. */
function findBlock(
  pool: IpPrefix,
  length: number,
  taken: readonly IpPrefix[],
): IpPrefix | undefined {
  if (length < pool.length) return undefined;
  const size = 1n << BigInt(32 - length);
  const end = ipToBigInt(pool.address) + prefixSize(pool);
  for (let start = ipToBigInt(pool.address); start < end;) {
    const block: IpPrefix = { address: ipFromBigInt(start, 4), length };
    const obstacle = taken.find((prefix) => prefixesOverlap(prefix, block));
    if (!obstacle) return block;
    // Past the obstacle, where the next block begins.
    const past = ipToBigInt(networkAddress(obstacle)) + prefixSize(obstacle);
    start = past > start + size ? ((past + size - 1n) / size) * size : start + size;
  }
  return undefined;
}

function toPrefix(text: string): IpPrefix {
  const parsed = parsePrefix(text);
  invariant(parsed.ok, `A plan holds whole prefixes, found "${text}"`);
  return parsed.value;
}
