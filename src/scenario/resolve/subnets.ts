// The prefixes of each network: as written, or derived so that no two overlap. Networks of one segment have the same.
import {
  type IpPrefix,
  ipFromBigInt,
  ipToBigInt,
  networkAddress,
  nthAddress,
  parsePrefix,
  prefixSize,
} from '../../base/addresses.ts';
import type { Context } from '../context.ts';
import { groupBy } from '../group.ts';
import type { Machines } from './machines.ts';
import { type MemberDraft, texts } from './members.ts';

/** Written prefixes that cannot be read are reported and left out. */
export function resolveSubnets(
  context: Context,
  members: readonly MemberDraft[],
  segments: ReadonlyMap<string, string>,
  machines: Machines,
): ReadonlyMap<string, readonly IpPrefix[]> {
  const networks = Object.entries(context.scenario.networks ?? {});
  const counts = new Map<string, number>();
  for (const { network, isBridged } of members) {
    const segment = segments.get(network) ?? network;
    if (!isBridged) counts.set(segment, (counts.get(segment) ?? 0) + 1);
  }
  const written = new Map(
    networks.map(([name, network]) => [
      name,
      texts(network.subnet, ['networks', name, 'subnet']).flatMap(({ text, path }) => {
        const parsed = parsePrefix(text);
        if (parsed.ok) return [{ ...parsed.value, address: networkAddress(parsed.value) }];
        context.report('S065', path, parsed.error);
        return [];
      }),
    ]),
  );
  const allocator = new SubnetAllocator([...written.values(), machines.underlays].flat());
  const subnets = new Map<string, readonly IpPrefix[]>();
  for (const [segment, joined] of groupBy(networks, ([name]) => segments.get(name) ?? name)) {
    // Others that write theirs write the same, or a rule says so.
    const [writer] = joined.find(([, { subnet }]) => subnet !== undefined) ?? [];
    const own = (writer === undefined ? undefined : written.get(writer)) ?? [];
    const derived: IpPrefix[] = [];
    // Members, the network's own and the broadcast address, and an uplink's gateway.
    if (writer === undefined) derived.push(allocator.next4((counts.get(segment) ?? 0) + 3));
    const wantsIpv6 = joined.some(([, { ipv6 }]) => ipv6 === true);
    if (wantsIpv6 && !own.some(({ address }) => address.family === 6))
      derived.push(allocator.next6());
    for (const [name] of joined) subnets.set(name, [...own, ...derived]);
  }
  return subnets;
}

/** Hands out 10.0.0.0/24, 10.0.1.0/24, … and fd00::/64, fd00:0:0:1::/64, …, around what is taken. */
class SubnetAllocator {
  readonly #taken: { readonly start: bigint; readonly end: bigint; readonly family: 4 | 6 }[];
  #next4 = ipToBigInt({ family: 4, bytes: Uint8Array.of(10, 0, 0, 0) });
  #next6 = 0xfd00n << 112n;

  constructor(taken: readonly IpPrefix[]) {
    this.#taken = taken.map((prefix) => {
      const start = ipToBigInt(prefix.address);
      return { start, end: start + prefixSize(prefix), family: prefix.address.family };
    });
  }

  next4(addresses: number): IpPrefix {
    const length = Math.min(24, 32 - Math.ceil(Math.log2(addresses)));
    const [prefix, after] = this.#next(this.#next4, 4, length);
    this.#next4 = after;
    return prefix;
  }

  next6(): IpPrefix {
    const [prefix, after] = this.#next(this.#next6, 6, 64);
    this.#next6 = after;
    return prefix;
  }

  #next(from: bigint, family: 4 | 6, length: number): readonly [IpPrefix, bigint] {
    const size = 1n << BigInt((family === 4 ? 32 : 128) - length);
    let start = ((from + size - 1n) / size) * size;
    for (;;) {
      const end = start + size;
      const hit = this.#taken.find(
        (other) => other.family === family && other.start < end && start < other.end,
      );
      if (hit === undefined) return [{ address: ipFromBigInt(start, family), length }, end];
      start = ((hit.end + size - 1n) / size) * size;
    }
  }
}

/** The last address that a host may have: where an uplink's gateway sits. */
export function lastHost(prefix: IpPrefix): ReturnType<typeof nthAddress> {
  const last = prefixSize(prefix) - (prefix.address.family === 4 && prefix.length < 31 ? 2n : 1n);
  return nthAddress(prefix, last);
}
