import type { Context } from '../context.ts';
import type { ResolvedCensor } from '../resolve/censor/censors.ts';
import { texts } from '../resolve/members.ts';
import type { Resolved } from '../resolve/scenario.ts';
import type { Path } from '../source/tree.ts';
import { counted, listed } from '../text.ts';
import type { Rule } from './rule.ts';

/** A censor sits where packets pass, judges by something, and has a name of its own. */
export const censors: Rule = (context, resolved) => {
  const names = new Map<string, Path>();
  for (const censor of resolved.censors) {
    const { path, name, spec } = censor;
    checkNodes(context, censor, resolved);
    const written = context.scenario.censor?.[Number(path[1])];
    if (written?.rules === undefined && written?.program === undefined && !context.partial)
      context.report('S049', path, `The censor "${name}" has neither rules nor a program`, {
        help: 'Write rules: [{ match: { tls.sni: blocked.example }, action: reset }], or use: censors/…',
      });
    claimName(context, names, name, path, 'censor');
    checkRuleNames(context, spec.rules, [...path, 'rules']);
  }
  for (const { control, path } of resolved.controls)
    if (control.do.kind === 'reload')
      checkRuleNames(context, control.do.spec.rules, [...path, 'rules']);
};

function checkNodes(
  context: Context,
  { path, nodes }: ResolvedCensor,
  { lab, machines }: Resolved,
): void {
  const written = texts(context.scenario.censor?.[Number(path[1])]?.on, [...path, 'on']);
  for (const { text, path: at } of written) {
    const node = lab.topology.nodes.get(text);
    const isWay = node === undefined || node.forwarding || node.bridge !== undefined;
    if (node?.stack === 'namespace' && !isWay && !context.partial)
      context.report(
        'S080',
        at,
        `Nothing passes through "${text}": it is on ${counted(node.members.length, 'network')} and does not forward`,
        { help: 'Put the censor on a host between two networks' },
      );
  }
  const homes = [...new Set(nodes.map((node) => machines.of(node)))];
  if (homes.length > 1)
    context.report(
      'S145',
      [...path, 'on'],
      `One censor cannot be on several machines: its hosts are on ${listed(homes, 'and')}`,
      { key: true, help: 'Write a censor for each machine, with the same "use" or rules' },
    );
}

function checkRuleNames(
  context: Context,
  all: readonly { readonly name: string }[],
  path: Path,
): void {
  const names = new Map<string, Path>();
  for (const [index, { name }] of all.entries())
    claimName(context, names, name, [...path, index], 'rule');
}

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
