import type { Context } from '../context.ts';
import type { Lab } from '../resolve/lab.ts';
import { texts } from '../resolve/members.ts';
import type { Node } from '../resolve/topology.ts';
import { SECTIONS } from '../nodes.ts';
import type { Path } from '../source/tree.ts';
import type { Rule } from './rule.ts';

/** A container on a stack that is not of the lab's making takes no part in its networks, and an uplink is not isolated. */
export const stacks: Rule = (context, { lab }) => {
  for (const node of lab.topology.nodes.values()) {
    const [side] = node.members;
    if (node.kind === 'container' && node.stack !== 'namespace' && side !== undefined)
      reportStack(context, node, side.path, `cannot be on the network "${side.network}"`);
  }
  for (const { node, path, what } of foreignParts(context, lab))
    reportStack(context, node, path, `cannot ${what}`);
  for (const [name, network] of Object.entries(context.scenario.networks ?? {}))
    if (network.uplink === true && network.isolated === true)
      context.report(
        'S079',
        ['networks', name, 'isolated'],
        `The network "${name}" cannot be isolated and have an uplink`,
        { help: 'Remove one of the two' },
      );
};

const FOREIGN_KEYS = {
  forwarding: 'forward for the lab',
  bridge: 'be a bridge of the lab',
  interfaces: 'have interfaces of the lab',
  censor: 'be a censor of the lab',
} as const;

interface Part {
  readonly node: Node;
  readonly path: Path;
  readonly what: string;
}

/** What acts in the lab's own namespaces and is written of a node that has none: in such a container, only `run` does. */
function* foreignParts({ scenario, nodes }: Context, { topology }: Lab): Generator<Part> {
  const foreign = (name: string | undefined): Node[] => {
    const node = name === undefined ? undefined : topology.nodes.get(name);
    return node?.kind === 'container' && node.stack !== 'namespace' ? [node] : [];
  };
  for (const [index, { on }] of (scenario.censor ?? []).entries())
    for (const { text, path } of texts(on, ['censor', index, 'on']))
      for (const node of foreign(text)) yield { node, path, what: 'have a censor' };
  for (const [index, entry] of (scenario.traffic ?? []).entries()) {
    for (const node of entry.serve === undefined ? [] : foreign(entry.on))
      yield { node, path: ['traffic', index, 'on'], what: 'serve' };
    for (const node of entry.probe === undefined ? [] : foreign(entry.from))
      yield { node, path: ['traffic', index, 'from'], what: 'start a probe' };
  }
  for (const [index, entry] of (scenario.captures ?? []).entries()) {
    const isWord = typeof entry === 'string';
    for (const node of foreign(isWord ? entry : entry.on))
      yield {
        node,
        path: isWord ? ['captures', index] : ['captures', index, 'on'],
        what: 'be captured',
      };
  }
  for (const { name, container } of nodes.values())
    for (const key of ['forwarding', 'bridge', 'interfaces', 'censor'] as const)
      if (container?.[key] !== undefined && container[key] !== false)
        for (const node of foreign(name))
          yield {
            node,
            path: ['containers', name, key],
            what: FOREIGN_KEYS[key],
          };
}

function reportStack(context: Context, node: Node, path: Path, what: string): void {
  const setting = node.stack === 'engine' ? 'docker' : 'machine';
  const where = node.stack === 'engine' ? 'the bridge of the engine' : 'the stack of the machine';
  context.report('S078', path, `The container "${node.name}" is on ${where} and ${what}`, {
    key: path[0] === SECTIONS.container,
    help: `Remove "network: ${setting}" from the container, or use "run": all else needs a network of the lab`,
  });
}
