import {
  type IpPrefix,
  formatPrefix,
  ipToBigInt,
  networkAddress,
  parsePrefix,
  prefixSize,
  prefixesOverlap,
  sameIp,
} from '../../base/addresses.ts';
import type { Context } from '../context.ts';
import { groupBy } from '../group.ts';
import { texts } from '../resolve/members.ts';
import type { Topology } from '../resolve/topology.ts';
import type { Path } from '../source/tree.ts';
import type { Rule } from './rule.ts';

/** Prefixes that hosts cannot be given (RFC 6890), with what they are for. */
const RESERVED: readonly (readonly [string, string])[] = [
  ['0.0.0.0/8', '"this network"'],
  ['127.0.0.0/8', 'loopback'],
  ['224.0.0.0/3', 'multicast and reserved'],
  ['::/127', 'loopback and unspecified'],
  ['fe80::/10', 'link-local'],
  ['ff00::/8', 'multicast'],
];

/** The least MTU that IPv6 works with (RFC 8200 section 5). */
const LEAST_MTU_IPV6 = 1280;

interface Written {
  readonly network: string;
  readonly prefix: IpPrefix;
  readonly path: Path;
}

/** Subnets are prefixes for hosts, written as such, and no two overlap. */
export const subnets: Rule = (context, { lab }) => {
  const written = writtenSubnets(context);
  for (const item of written) {
    checkForm(context, item);
    checkReserved(context, item);
  }
  checkOverlaps(context, writtenBySegments(context, written, lab.topology));
  for (const network of lab.topology.networks.values())
    if (network.mtu < LEAST_MTU_IPV6 && network.subnets.some(({ address }) => address.family === 6))
      context.report(
        'S045',
        [...network.path, 'mtu'],
        `Expected an MTU of at least ${LEAST_MTU_IPV6} on a network with IPv6, found ${network.mtu}`,
      );
};

function writtenSubnets(context: Context): readonly Written[] {
  return Object.entries(context.scenario.networks ?? {}).flatMap(([network, { subnet }]) =>
    texts(subnet, ['networks', network, 'subnet']).flatMap(({ text, path }): Written[] => {
      const parsed = parsePrefix(text);
      return parsed.ok ? [{ network, prefix: parsed.value, path }] : [];
    }),
  );
}

/**
 * What each segment has: networks that bridges join have one subnet, which one of them may write, or several alike. Those that
 * write another are reported.
 */
function writtenBySegments(
  context: Context,
  written: readonly Written[],
  { networks }: Topology,
): readonly Written[] {
  const bySegment = groupBy(written, ({ network }) => networks.get(network)?.segment ?? network);
  return Array.from(bySegment.values()).flatMap((parts) => {
    const [first, ...others] = groupBy(parts, ({ network }) => network).values();
    const [own] = first ?? [];
    if (first === undefined || own === undefined) return [];
    for (const other of others) {
      const [begin] = other;
      if (begin === undefined || prefixTexts(other) === prefixTexts(first)) continue;
      context.report(
        'S133',
        begin.path,
        `The networks "${own.network}" and "${begin.network}" are one segment with two subnets: ${prefixTexts(first)} and ${prefixTexts(other)}`,
        {
          related: [{ message: 'The other subnet', span: context.spanOf(own.path) }],
          help: 'A bridge joins them: write "subnet" on one of them alone, or use a router',
        },
      );
    }
    return first;
  });
}

const prefixTexts = (items: readonly Written[]): string =>
  items
    .map(({ prefix }) => formatPrefix({ ...prefix, address: networkAddress(prefix) }))
    .sort()
    .join(' and ');

function checkForm(context: Context, { prefix, path }: Written): void {
  const start = networkAddress(prefix);
  if (sameIp(start, prefix.address)) return;
  context.report(
    'S077',
    path,
    `The prefix "${formatPrefix(prefix)}" has bits set behind its length`,
    {
      help: `Did you mean "${formatPrefix({ ...prefix, address: start })}"?`,
    },
  );
}

function checkReserved(context: Context, { prefix, path }: Written): void {
  for (const [text, purpose] of RESERVED) {
    const reserved = parsePrefix(text);
    if (!reserved.ok || reserved.value.address.family !== prefix.address.family) continue;
    if (!prefixesOverlap(reserved.value, prefix)) continue;
    context.report(
      'S077',
      path,
      `The prefix "${formatPrefix(prefix)}" overlaps ${text}, which is for ${purpose}`,
      { help: 'Use a prefix such as "10.10.1.0/24" or "fd00:1::/64"' },
    );
    return;
  }
}

/** Sorted by start, only neighbours can be the first to overlap. */
function checkOverlaps(context: Context, written: readonly Written[]): void {
  for (const family of [4, 6] as const) {
    const spans = written
      .filter(({ prefix }) => prefix.address.family === family)
      .map((item, index) => {
        const start = ipToBigInt(networkAddress(item.prefix));
        return { item, index, start, end: start + prefixSize(item.prefix) };
      })
      .sort((left, right) =>
        left.start < right.start ? -1 : left.start > right.start ? 1 : left.index - right.index,
      );
    let widest = spans[0];
    for (const span of spans.slice(1)) {
      if (widest !== undefined && span.start < widest.end) {
        const [first, second] = widest.index < span.index ? [widest, span] : [span, widest];
        reportOverlap(context, first.item, second.item);
      }
      if (widest === undefined || span.end > widest.end) widest = span;
    }
  }
}

function reportOverlap(context: Context, first: Written, second: Written): void {
  context.report(
    'S066',
    second.path,
    `The subnet "${formatPrefix(second.prefix)}" of "${second.network}" overlaps "${formatPrefix(first.prefix)}" of "${first.network}"`,
    {
      related: [{ message: 'The other subnet', span: context.spanOf(first.path) }],
      help: 'Leave "subnet" out for one that is free',
    },
  );
}
