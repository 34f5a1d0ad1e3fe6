// Which addresses the ends of tunnels have within them. Those that one tunnel goes over have the same address at their client: its packets
// then need no other source when it goes over another.
import {
  type IpAddress,
  type IpPrefix,
  formatIp,
  ipFromBigInt,
  parseIp,
  prefixContains,
  prefixesOverlap,
} from '../../../base/addresses.ts';
import type { Context } from '../../context.ts';
import { asPrefix } from '../places.ts';
import type { Lab } from '../lab.ts';
import type { Node } from '../topology.ts';
import type { BundleDraft } from './bundle-drafts.ts';
import { carrierGroups } from './carrier-groups.ts';
import type { TunnelDraft } from './order.ts';

/** With prefix length, IPv4 first. */
export interface Ends {
  readonly client: readonly string[];
  readonly server: readonly string[];
}

type Family = 4 | 6;

/** CoMPS's own 10.45.0.0/24, and the same in the unique local addresses of RFC 4193. */
const FIRST: Readonly<Record<Family, bigint>> = { 4: 0x0a2d_0000n, 6: 0xfd45n << 112n };
const LENGTH: Readonly<Record<Family, number>> = { 4: 24, 6: 64 };

/** By tunnel; without those whose written addresses cannot be. */
export function allotAddresses(
  context: Context,
  lab: Lab,
  drafts: readonly TunnelDraft[],
  bundles: readonly BundleDraft[],
): ReadonlyMap<string, Ends> {
  const written = new Map(drafts.map((draft) => [draft.name, writtenEnds(context, lab, draft)]));
  const subnets = [...lab.topology.networks.values()].flatMap((network) => network.subnets);
  const pools = {
    4: new Pool(4, subnets, [...written.values()]),
    6: new Pool(6, subnets, [...written.values()]),
  };
  const ends = new Map<string, Ends>();
  for (const group of carrierGroups(drafts, bundles)) {
    const subnet = { 4: pools[4].next(), 6: pools[6].next() };
    const clients = new Map<Family, string>();
    for (const { name } of group)
      for (const [family, text] of written.get(name)?.client ?? [])
        if (!clients.has(family)) clients.set(family, text);
    for (const [index, draft] of group.entries()) {
      const own = written.get(draft.name);
      if (own === undefined) continue;
      const families = familiesOf(draft, own);
      const derived = (family: Family, host: bigint): string =>
        formatIp(ipFromBigInt(subnet[family] + host, family));
      ends.set(draft.name, {
        client: families.map((family) => asPrefix(clients.get(family) ?? derived(family, 1n))),
        server: families.map((family) =>
          asPrefix(own.server.get(family) ?? derived(family, BigInt(index) + 2n)),
        ),
      });
    }
  }
  return ends;
}

interface WrittenEnds {
  readonly client: ReadonlyMap<Family, string>;
  readonly server: ReadonlyMap<Family, string>;
}

/** IPv4 always, unless other addresses are written; IPv6 as the file says, else where an end has it. */
function familiesOf({ written, client, server }: TunnelDraft, own: WrittenEnds): readonly Family[] {
  const hasIpv6 = [client, server].some((node) => familiesOfNode(node).has(6));
  const isIpv6 = written.wireguard.ipv6 ?? hasIpv6;
  const says = [...own.client.keys(), ...own.server.keys()];
  return ([4, 6] as const).filter((family) => family === 4 || isIpv6 || says.includes(family));
}

export const familiesOfNode = ({ members }: Node): ReadonlySet<Family> =>
  new Set(members.flatMap(({ addresses }) => addresses.map(({ address }) => address.family)));

function writtenEnds(context: Context, lab: Lab, draft: TunnelDraft): WrittenEnds {
  const { client, server } = draft.written.wireguard.addresses ?? {};
  const read = (side: 'client' | 'server', texts: string | string[] = []): Map<Family, string> => {
    const path = [...draft.path, 'wireguard', 'addresses', side];
    const found = new Map<Family, string>();
    for (const text of [texts].flat()) {
      const address = readAddress(context, lab, text, path);
      if (address === undefined) continue;
      if (found.has(address.family))
        context.report('S193', path, `The ${side} has two IPv${address.family} addresses`, {
          help: 'Write one of each family at most',
        });
      found.set(address.family, formatIp(address));
    }
    return found;
  };
  return { client: read('client', client), server: read('server', server) };
}

function readAddress(
  context: Context,
  lab: Lab,
  text: string,
  path: readonly (string | number)[],
): IpAddress | undefined {
  const parsed = parseIp(text);
  if (!parsed.ok) {
    context.report('S193', path, parsed.error, {
      help: 'Write an address without prefix length, as 10.45.0.5',
    });
    return undefined;
  }
  for (const { name, subnets } of lab.topology.networks.values())
    if (subnets.some((subnet) => prefixContains(subnet, parsed.value))) {
      context.report('S193', path, `The address "${text}" lies in the network "${name}"`, {
        help: 'Within a tunnel there are addresses of its own: leave it out to have them allotted',
      });
      return undefined;
    }
  return parsed.value;
}

/** Subnets that no network has and no written address is in, one after the other. */
class Pool {
  readonly #family: Family;
  readonly #subnets: readonly IpPrefix[];
  readonly #written: readonly IpAddress[];
  #next: bigint;

  constructor(family: Family, subnets: readonly IpPrefix[], written: readonly WrittenEnds[]) {
    this.#family = family;
    this.#subnets = subnets.filter(({ address }) => address.family === family);
    this.#written = written
      .flatMap(({ client, server }) => [client.get(family), server.get(family)])
      .flatMap((text) => {
        const parsed = text === undefined ? undefined : parseIp(text);
        return parsed?.ok ? [parsed.value] : [];
      });
    this.#next = FIRST[family];
  }

  next(): bigint {
    const length = LENGTH[this.#family];
    for (;;) {
      const start = this.#next;
      this.#next += 1n << BigInt((this.#family === 4 ? 32 : 128) - length);
      const subnet = { address: ipFromBigInt(start, this.#family), length };
      const isTaken =
        this.#subnets.some((other) => prefixesOverlap(other, subnet)) ||
        this.#written.some((address) => prefixContains(subnet, address));
      if (!isTaken) return start;
    }
  }
}
