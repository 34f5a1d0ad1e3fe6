// The way that packets of a flow take through the plan: routes, policy rules, NAT and bridges, followed hop by hop.
import { type IpPrefix, parseIp, parsePrefix, prefixContains, sameIp } from '../base/addresses.ts';
import type { IpAddress } from '../base/addresses.ts';
import type { Plan, PlanInterface, PlanNode, PlanRoute } from '../model/plan.ts';
import { crossSegment } from './crossing.ts';
import type { Hop } from './hop.ts';

/** Source and destination as they are on the wire. */
interface Heading {
  readonly source: IpAddress;
  readonly destination: IpAddress;
}

export interface Path {
  readonly hops: readonly Hop[];
  /** Whether it ends at the node that has the destination address. */
  readonly arrives: boolean;
}

export interface RoundTrip {
  readonly forward: Path;
  readonly reverse: Path;
}

const MAXIMUM_HOPS = 64;

/** Both ways between two addresses, NAT undone on the way back. */
export function traceRoundTrip(
  plan: Plan,
  client: string,
  source: string,
  destination: string,
): RoundTrip | null {
  const from = parseIp(source);
  const to = parseIp(destination);
  if (!from.ok || !to.ok) return null;
  const translations: Translation[] = [];
  const out = trace(
    plan,
    client,
    { source: from.value, destination: to.value },
    (node, network, heading) => masquerade(node, network, heading, translations),
  );
  const server = out.arrives ? nodeWithAddress(plan, to.value) : null;
  if (!server) return { forward: out, reverse: { hops: [], arrives: false } };
  const seenFrom = translations.at(-1)?.outer ?? from.value;
  const heading = { source: to.value, destination: seenFrom };
  return { forward: out, reverse: traceBack(plan, server, heading, translations) };
}

/** A masquerading node and the two addresses that it swaps. */
interface Translation {
  readonly node: PlanNode;
  readonly inner: IpAddress;
  readonly outer: IpAddress;
}

function masquerade(
  node: PlanNode,
  out: PlanInterface,
  heading: Heading,
  translations: Translation[],
): Heading {
  if (!node.nat.some((nat) => nat.interface === out.name)) return heading;
  const outer = interfaceAddresses(out).find(({ family }) => family === heading.source.family);
  if (!outer) return heading;
  translations.push({ node, inner: heading.source, outer });
  return { ...heading, source: outer };
}

function traceBack(
  plan: Plan,
  server: PlanNode,
  heading: Heading,
  translations: readonly Translation[],
): Path {
  const hops: Hop[] = [];
  let start = server.name;
  let target = heading;
  for (const { node, inner } of [...translations].reverse()) {
    const leg = trace(plan, start, target, keepHeading);
    hops.push(...leg.hops);
    if (!leg.arrives) return { hops, arrives: false };
    start = node.name;
    target = { ...target, destination: inner };
  }
  const last = trace(plan, start, target, keepHeading);
  return { hops: [...hops, ...last.hops], arrives: last.arrives };
}

const keepHeading = (_node: PlanNode, _out: PlanInterface, heading: Heading): Heading => heading;

function trace(
  plan: Plan,
  start: string,
  first: Heading,
  rewrite: (node: PlanNode, out: PlanInterface, heading: Heading) => Heading,
): Path {
  const hops: Hop[] = [];
  let heading = first;
  let node = plan.nodes.find(({ name }) => name === start);
  for (let count = 0; node && count < MAXIMUM_HOPS; count += 1) {
    if (hasAddress(node, heading.destination)) return { hops, arrives: true };
    const route = selectRoute(node, heading);
    const out = node.interfaces.find(({ name }) => name === route?.interface);
    if (route?.kind !== 'unicast' || !out) break;
    // A node translates what passes through it, not what it sends itself.
    if (count > 0) heading = rewrite(node, out, heading);
    const next = route.via ?? null;
    const via = next === null ? heading.destination : parsedIp(next);
    if (!via) break;
    const crossing = crossSegment(plan, node.name, out.network, via);
    hops.push(...crossing.hops);
    if (!crossing.receiver) break;
    node = crossing.receiver;
  }
  return { hops, arrives: false };
}

function selectRoute(node: PlanNode, heading: Heading): PlanRoute | null {
  const { family } = heading.destination;
  const applies = (prefix: string | undefined, address: IpAddress): boolean =>
    prefix === undefined || contains(prefix, address);
  const tables = node.rules
    // A mark is set by something that the plan does not tell: such a rule cannot be followed.
    .filter((rule) => rule.family === family && rule.fwmark === undefined)
    .filter(({ from, to }) => applies(from, heading.source) && applies(to, heading.destination))
    .toSorted((left, right) => left.priority - right.priority)
    .map(({ table }) => table);
  for (const table of [...tables, 'main' as const]) {
    const route = longestMatch(
      node.routes.filter((candidate) => candidate.table === table),
      heading.destination,
    );
    if (route) return route;
  }
  return null;
}

function longestMatch(routes: readonly PlanRoute[], destination: IpAddress): PlanRoute | null {
  let best: { route: PlanRoute; length: number } | null = null;
  for (const route of routes) {
    const prefix = parsedPrefix(route.to);
    if (!prefix || !prefixContains(prefix, destination)) continue;
    const { length } = prefix;
    const metric = route.metric ?? 0;
    if (
      !best ||
      length > best.length ||
      (length === best.length && metric < (best.route.metric ?? 0))
    )
      best = { route, length };
  }
  return best?.route ?? null;
}

/** The node that has an address, on a network or within a tunnel. */
export const nodeWithAddress = (plan: Plan, address: IpAddress): PlanNode | null =>
  plan.nodes.find((node) => hasAddress(node, address)) ?? nodeOfTunnel(plan, address);

function nodeOfTunnel({ nodes, tunnels = [] }: Plan, address: IpAddress): PlanNode | null {
  const isOwn = (text: string): boolean => {
    const own = parsedPrefix(text)?.address;
    return own !== undefined && sameIp(own, address);
  };
  const end = tunnels
    .flatMap(({ client, server }) => [client, server])
    .find(({ addresses }) => addresses.some(isOwn));
  return nodes.find(({ name }) => name === end?.node) ?? null;
}

const hasAddress = (node: PlanNode, address: IpAddress): boolean =>
  node.interfaces.some((one) => interfaceAddresses(one).some((own) => sameIp(own, address)));

const interfaceAddresses = ({ addresses }: PlanInterface): IpAddress[] =>
  addresses.flatMap((text) => parsedPrefix(text)?.address ?? []);

const contains = (prefix: string, address: IpAddress): boolean => {
  const parsed = parsedPrefix(prefix);
  return parsed !== null && prefixContains(parsed, address);
};

function parsedIp(text: string): IpAddress | null {
  const parsed = parseIp(text);
  return parsed.ok ? parsed.value : null;
}

/** A bare address is a prefix of itself alone, as in ip-route(8). */
function parsedPrefix(text: string): IpPrefix | null {
  const parsed = parsePrefix(text);
  if (parsed.ok) return parsed.value;
  const address = parsedIp(text);
  return address && { address, length: address.bytes.length * 8 };
}
