import type { PlanCapture } from '../../model/plan.ts';
import type { Capture } from '../../model/scenario-file.ts';
import type { Context } from '../context.ts';
import type { Path } from '../source/tree.ts';
import type { Lab } from './lab.ts';
import type { ResolvedTunnel } from './tunnel/tunnels.ts';
import type { Member, Node } from './topology.ts';

export interface ResolvedCapture {
  readonly path: Path;
  readonly capture: PlanCapture;
}

/** All bytes of any packet: what tcpdump(1) takes by default. */
const WHOLE_PACKET = 262_144;

/** One capture for each interface that an entry names. */
export function resolveCaptures(
  context: Context,
  lab: Lab,
  tunnels: readonly ResolvedTunnel[],
): readonly ResolvedCapture[] {
  return (context.scenario.captures ?? []).flatMap((written, index) => {
    const entry = typeof written === 'string' ? { on: written } : written;
    const node = lab.topology.nodes.get(entry.on);
    return sidesOf(node, tunnels, entry).map((side): ResolvedCapture => ({
      path: ['captures', index],
      capture: {
        node: entry.on,
        network: side.network,
        interface: side.interface,
        file: `captures/${entry.on}.${side.network}.pcap`,
        filter: entry.filter ?? '',
        snaplen: entry.snaplen ?? WHOLE_PACKET,
      },
    }));
  });
}

type Side = Pick<Member, 'network' | 'interface'>;

/** The end of a tunnel is on a network of the tunnel's name. An interface that the machine has is its own network, by the interface's name. */
function sidesOf(
  node: Node | undefined,
  tunnels: readonly ResolvedTunnel[],
  { network, interface: device }: Exclude<Capture, string>,
): readonly Side[] {
  // Which of the two is meant is not known: a rule speaks of it.
  if (device !== undefined && network !== undefined) return [];
  if (device !== undefined)
    return node?.stack === 'machine' ? [{ network: device, interface: device }] : [];
  const ends = tunnels.flatMap(({ tunnel }): readonly Side[] =>
    [tunnel.client, tunnel.server]
      .filter((end) => end.node === node?.name)
      .map((end) => ({ network: tunnel.name, interface: end.interface })),
  );
  return [...(node?.members ?? []), ...ends].filter(
    (side) => network === undefined || side.network === network,
  );
}
