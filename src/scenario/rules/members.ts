import { writtenMembers } from '../resolve/members.ts';
import { counted } from '../text.ts';
import type { Rule } from './rule.ts';

/** A Linux bridge has at most 1023 ports (BR_MAX_PORTS in net/bridge/br_private.h). */
const MOST_MEMBERS = 1023;

/** A network joins at least two, each once, and no more than a bridge can hold. */
export const members: Rule = (context, { lab }) => {
  for (const [name, network] of Object.entries(context.scenario.networks ?? {})) {
    const path = ['networks', name, 'members'];
    const seen = new Map<string, readonly (string | number)[]>();
    for (const { node, path: at } of writtenMembers(['networks', name], network)) {
      const first = seen.get(node);
      if (first === undefined) seen.set(node, at);
      else
        context.report(
          'S063',
          at,
          `The ${context.kindOf(node)} "${node}" is twice on the network "${name}"`,
          {
            related: [{ message: 'First named here', span: context.spanOf(first) }],
          },
        );
    }
    if (seen.size > MOST_MEMBERS)
      context.report(
        'S064',
        path,
        `The network "${name}" has too many members: expected at most ${MOST_MEMBERS}, found ${seen.size}`,
        { help: 'Split it into several networks joined by a router' },
      );
    const least = network.uplink === true ? 1 : 2;
    const present = lab.topology.networks.get(name)?.members.length ?? 0;
    const isWhole = [...seen.keys()].every((node) => context.written.nodes.has(node));
    if (present < least && isWhole && !context.partial)
      context.report(
        'S062',
        path,
        `The network "${name}" has too few members: expected at least ${least}, found ${counted(present, 'member')}`,
      );
  }
};
