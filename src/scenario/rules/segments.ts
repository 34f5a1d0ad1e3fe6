import type { Context } from '../context.ts';
import { groupBy } from '../group.ts';
import { rootOf } from '../resolve/segments.ts';
import type { Node, Topology } from '../resolve/topology.ts';
import { listed } from '../text.ts';
import type { Rule } from './rule.ts';

/** Frames have one way between two networks, every node one side on a segment, and every segment one uplink. */
export const segments: Rule = (context, { lab: { topology } }) => {
  checkLoops(context, topology);
  checkSides(context, topology);
  checkUplinks(context, topology);
};

function checkLoops(context: Context, { nodes }: Topology): void {
  const parents = new Map<string, string>();
  const earlier: Node[] = [];
  for (const node of nodes.values()) {
    if (node.bridge === undefined) continue;
    const sides = groupBy(node.members, ({ network }) => rootOf(parents, network));
    for (const [first, second] of sides.values())
      if (second !== undefined && first !== undefined) {
        const others = wayBetween(earlier, first.network, second.network);
        context.report(
          'S131',
          [...node.path, 'bridge'],
          `The bridge "${node.name}" closes a loop: it joins "${first.network}" and "${second.network}", which ${listed(
            others.map(({ name }) => name),
            'and',
          )} ${others.length === 1 ? 'joins' : 'join'} already`,
          {
            key: true,
            related: others.map(({ path }) => ({
              message: 'The other bridge',
              span: context.spanOf(path),
            })),
            help: 'Frames would go round for ever: take one of the bridges off one of the networks',
          },
        );
      }
    const [target, ...others] = sides.keys();
    for (const root of others) parents.set(root, target ?? root);
    earlier.push(node);
  }
}

/** The bridges by which frames come from one network to another; none when there is no way. */
function wayBetween(bridges: readonly Node[], from: string, to: string): readonly Node[] {
  const ways = new Map<string, readonly Node[]>([[from, []]]);
  // What is added while walking is walked as well.
  for (const [network, way] of ways)
    for (const bridge of bridges) {
      const networks = bridge.members.map((member) => member.network);
      if (!networks.includes(network)) continue;
      for (const next of networks) if (!ways.has(next)) ways.set(next, [...way, bridge]);
    }
  return ways.get(to) ?? [];
}

function checkSides(context: Context, { nodes }: Topology): void {
  for (const { name, kind, bridge, members } of nodes.values()) {
    if (bridge !== undefined) continue;
    for (const [first, second] of groupBy(members, ({ segment }) => segment).values())
      if (first !== undefined && second !== undefined)
        context.report(
          'S131',
          second.path,
          `The ${kind} "${name}" is on "${first.network}" and "${second.network}", which a bridge makes one segment`,
          {
            related: [{ message: 'Its other side', span: context.spanOf(first.path) }],
            help: 'Take it off one of them',
          },
        );
  }
}

function checkUplinks(context: Context, { networks }: Topology): void {
  const withUplink = [...networks.values()].filter(({ uplink }) => uplink);
  for (const [first, second] of groupBy(withUplink, ({ segment }) => segment).values())
    if (first !== undefined && second !== undefined)
      context.report(
        'S131',
        [...second.path, 'uplink'],
        `The networks "${first.name}" and "${second.name}" are one segment with two uplinks`,
        {
          key: true,
          related: [
            { message: 'The other uplink', span: context.spanOf([...first.path, 'uplink']) },
          ],
          help: 'A bridge joins them: remove one of the uplinks',
        },
      );
}
