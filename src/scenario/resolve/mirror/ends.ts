// The two servers of a mirror: their nodes, ports and the addresses at which they are found.
import { formatIp, parseIp } from '../../../base/addresses.ts';
import type { MirrorEnd } from '../../../model/mirror.ts';
import type { Mirror } from '../../../model/scenario-file.ts';
import type { Context } from '../../context.ts';
import type { Path } from '../../source/tree.ts';
import type { Lab } from '../lab.ts';
import { nearestAddress, splitPort } from '../targets.ts';
import type { Node } from '../topology.ts';

type Side = 'online' | 'target';

/** All addresses of the server whose clients are copied. */
export function onlineEnd(
  context: Context,
  lab: Lab,
  written: Mirror,
  path: Path,
): MirrorEnd | undefined {
  const end = readEnd(context, lab, written, 'online', path);
  if (end === undefined) return undefined;
  const own = end.node.members.flatMap(({ addresses }) => addresses.map(({ text }) => text));
  const addresses = [...new Set([...end.addresses, ...own])];
  return checked(context, end, addresses, path);
}

/** One address a family of the server that gets the copies, as the online server reaches it. */
export function targetEnd(
  context: Context,
  lab: Lab,
  written: Mirror,
  path: Path,
): MirrorEnd | undefined {
  const end = readEnd(context, lab, written, 'target', path);
  const from = lab.topology.nodes.get(hostOf(written.online));
  if (end === undefined || from === undefined) return undefined;
  if (end.addresses.length > 0) return checked(context, end, end.addresses, path);
  const nearest = ([4, 6] as const).flatMap(
    (family) => nearestAddress(lab, from, end.node, family) ?? [],
  );
  return checked(context, end, nearest, path);
}

export const hostOf = (written: Mirror[Side]): string =>
  typeof written === 'string' ? (splitPort(written)?.host ?? '') : written.host;

interface ReadEnd {
  readonly side: Side;
  readonly node: Node;
  readonly port: number;
  /** As written; none where they are the node's own. */
  readonly addresses: readonly string[];
}

function readEnd(
  context: Context,
  lab: Lab,
  mirror: Mirror,
  side: Side,
  path: Path,
): ReadEnd | undefined {
  const written = mirror[side];
  const { port, address = [] } =
    typeof written === 'string'
      ? { port: splitPort(written)?.port ?? 0 }
      : { port: written.port, address: written.address ?? [] };
  const at = [...path, side];
  const node = lab.topology.nodes.get(hostOf(written));
  // That there is none is for the rule of known nodes to say.
  if (node === undefined) return undefined;
  if (port < 1 || port > 65_535) {
    context.report('S230', at, `Expected a port from 1 to 65535, found ${port}`);
    return undefined;
  }
  const addresses: string[] = [];
  for (const text of [address].flat()) {
    const parsed = parseIp(text);
    if (!parsed.ok) {
      context.report('S230', [...at, 'address'], parsed.error);
      return undefined;
    }
    addresses.push(formatIp(parsed.value));
  }
  return { side, node, port, addresses };
}

function checked(
  context: Context,
  { side, node, port }: ReadEnd,
  addresses: readonly string[],
  path: Path,
): MirrorEnd | undefined {
  const families = addresses.map((text) => text.includes(':'));
  const at = [...path, side];
  if (side === 'target' && new Set(families).size < families.length) {
    context.report(
      'S230',
      [...at, 'address'],
      'A target has one address a family, found two of one',
    );
    return undefined;
  }
  if (addresses.length > 0) return { node: node.name, addresses, port };
  if (!context.partial)
    context.report('S230', at, `The ${node.kind} "${node.name}" has no address`, {
      help: `Make "${node.name}" a member of a network`,
    });
  return undefined;
}
