// Which member has which address: as written, else the first free one of each subnet in the order of the members.
import {
  type IpAddress,
  type IpPrefix,
  formatIp,
  nthAddress,
  parseIp,
  prefixContains,
  prefixSize,
} from '../../base/addresses.ts';
import type { Context } from '../context.ts';
import type { MemberDraft } from './members.ts';
import { lastHost } from './subnets.ts';
import type { MemberAddress } from './topology.ts';

export interface Assigned {
  /** By index of the draft. */
  readonly addresses: readonly (readonly MemberAddress[])[];
  /** An uplink's own end, by network. */
  readonly gateways: ReadonlyMap<string, readonly IpAddress[]>;
}

export function assignAddresses(
  context: Context,
  drafts: readonly MemberDraft[],
  subnets: ReadonlyMap<string, readonly IpPrefix[]>,
): Assigned {
  const written = drafts.map((draft) =>
    writtenAddresses(context, draft, subnets.get(draft.network) ?? []),
  );
  const taken = new Set(written.flat().map((item) => item.text));
  const gateways = new Map<string, readonly IpAddress[]>();
  for (const [name, network] of Object.entries(context.scenario.networks ?? {})) {
    if (network.uplink !== true) continue;
    const own = (subnets.get(name) ?? []).flatMap((subnet) => lastHost(subnet) ?? []);
    gateways.set(name, own);
    for (const address of own) taken.add(formatIp(address));
  }
  const next = new Map<IpPrefix, bigint>();
  const addresses = drafts.map((draft, index) => {
    const own = written[index] ?? [];
    const derived = (subnets.get(draft.network) ?? []).flatMap((subnet): MemberAddress[] => {
      // A family that is written is not derived as well.
      if (
        draft.isBridged ||
        draft.addresses.some(({ text }) => text.includes(':') === (subnet.address.family === 6))
      )
        return [];
      const address = firstFree(subnet, next, taken);
      if (address !== undefined)
        return [{ address, text: formatIp(address), subnet, path: draft.path }];
      context.report(
        'S069',
        draft.path,
        `The subnet is full: no address is left for "${draft.node}" on "${draft.network}"`,
        { help: 'Give the network a shorter prefix length' },
      );
      return [];
    });
    return [...own, ...derived];
  });
  return { addresses, gateways };
}

/** Addresses that cannot be read or lie in none of the subnets are reported and left out. */
function writtenAddresses(
  context: Context,
  draft: MemberDraft,
  subnets: readonly IpPrefix[],
): MemberAddress[] {
  return draft.addresses.flatMap(({ text, path }) => {
    const [bare = ''] = text.split('/');
    const parsed = parseIp(bare);
    if (!parsed.ok) {
      context.report('S065', path, parsed.error);
      return [];
    }
    const address = parsed.value;
    const subnet = subnets.find((prefix) => prefixContains(prefix, address));
    if (subnet === undefined) {
      context.report(
        'S067',
        path,
        `The address "${text}" lies in no subnet of the network "${draft.network}"`,
        {
          help: `Its subnets: ${subnets.map((item) => `${formatIp(item.address)}/${item.length}`).join(', ')}`,
        },
      );
      return [];
    }
    return [{ address, text: formatIp(address), subnet, path }];
  });
}

function firstFree(
  subnet: IpPrefix,
  next: Map<IpPrefix, bigint>,
  taken: Set<string>,
): IpAddress | undefined {
  // The first address names the network and the last is its broadcast address, but on point-to-point links (RFC 3021).
  const isTiny = prefixSize(subnet) <= 2n;
  const hasBroadcast = subnet.address.family === 4 && !isTiny;
  const end = prefixSize(subnet) - (hasBroadcast ? 1n : 0n);
  for (let offset = next.get(subnet) ?? (isTiny ? 0n : 1n); offset < end; offset += 1n) {
    const address = nthAddress(subnet, offset);
    if (address === undefined || taken.has(formatIp(address))) continue;
    taken.add(formatIp(address));
    next.set(subnet, offset + 1n);
    return address;
  }
  return undefined;
}
