import type { CensorAction } from '../../model/censor-action.ts';
import type { Context } from '../context.ts';
import type { ResolvedCensor } from '../resolve/censors.ts';
import type { Path } from '../source/tree.ts';
import { counted } from '../text.ts';
import type { Rule } from './rule.ts';

/** A censor sits where packets pass, does what its position can, and has a name of its own. */
export const censors: Rule = (context, { censors: all, lab }) => {
  const names = new Map<string, Path>();
  for (const { censor, path } of all) {
    const node = lab.topology.nodes.get(censor.on);
    const isWay = node === undefined || node.forwarding || node.bridge !== undefined;
    if (node?.stack === 'namespace' && !isWay && !context.partial)
      context.report(
        'S080',
        [...path, 'on'],
        `Nothing passes through "${censor.on}": it is on ${counted(node.members.length, 'network')} and does not forward`,
        { help: 'Put the censor on a host between two networks' },
      );
    claimName(context, names, censor.name, path, 'censor');
    const rules = new Map<string, Path>();
    for (const [index, rule] of censor.rules.entries())
      claimName(context, rules, rule.name, [...path, 'rules', index], 'rule');
    if (censor.position === 'on-path') checkOnPath(context, { censor, path });
  }
};

function claimName(
  context: Context,
  names: Map<string, Path>,
  name: string,
  path: Path,
  what: string,
): void {
  const first = names.get(name);
  if (first === undefined) {
    names.set(name, path);
    return;
  }
  context.report('S084', path, `Two ${what}s have the name "${name}"`, {
    related: [{ message: 'The other one', span: context.spanOf(first) }],
    help: `Give the ${what} a "name" of its own`,
  });
}

function checkOnPath(context: Context, { censor, path }: ResolvedCensor): void {
  for (const [index, rule] of censor.rules.entries()) {
    const at = [...path, 'rules', index, 'action'];
    for (const action of [...rule.actions, ...(rule.residual?.actions ?? [])])
      checkAction(context, action, at);
  }
}

/** A copy of a packet cannot be kept from arriving. */
function checkAction(context: Context, action: CensorAction, path: Path): void {
  const cannot =
    action.kind === 'drop' || action.kind === 'throttle'
      ? action.kind
      : 'dropTrigger' in action && action.dropTrigger
        ? 'drop'
        : undefined;
  if (cannot === undefined) return;
  context.report('S083', path, `An on-path censor sees copies and cannot ${cannot} packets`, {
    help: 'Use "position: in-path", or an action that only injects',
  });
}
