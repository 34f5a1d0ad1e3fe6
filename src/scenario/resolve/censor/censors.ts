import type { CensorSpec } from '../../../model/censor.ts';
import type { PlanCensor } from '../../../model/plan.ts';
import type { Censor } from '../../../model/scenario-file.ts';
import { derivedCensorName } from '../../censor-name.ts';
import type { Context } from '../../context.ts';
import type { Path } from '../../source/tree.ts';
import type { Lab } from '../lab.ts';
import type { Node } from '../topology.ts';
import { prefixesOf } from '../places.ts';
import { resolveChecks, resolveReassembly, resolveState } from './following.ts';
import { ListFiles } from './list-files.ts';
import { ModelFiles } from './model-files.ts';
import { resolveProgram } from './program.ts';
import { resolveRules } from './rules.ts';
import type { CensorScope } from './scope.ts';

export interface ResolvedCensor {
  readonly path: Path;
  /** One for each of its nodes, in the order in which they are written; never empty. */
  readonly nodes: readonly string[];
  readonly position: PlanCensor['position'];
  readonly name: string;
  readonly spec: CensorSpec;
}

export function resolveCensors(context: Context, lab: Lab): readonly ResolvedCensor[] {
  return (context.scenario.censor ?? []).flatMap((written, index): ResolvedCensor[] => {
    const nodes = [written.on].flat().filter((name) => lab.topology.nodes.has(name));
    const node = lab.topology.nodes.get(nodes[0] ?? '');
    // What it was to use could not be: that has been reported.
    if (node === undefined || written.use !== undefined) return [];
    const path = ['censor', index];
    const position = written.position ?? 'in-path';
    const spec = specOf(context, lab, node, written, path);
    const name = written.name ?? derivedCensorName([written.on].flat()[0] ?? '');
    return [{ path, nodes: [...new Set(nodes)], position, name, spec }];
  });
}

/** `changes` are what a reload writes instead of the censor's own rules or program, and where. */
export function specOf(
  context: Context,
  lab: Lab,
  node: Node,
  written: Censor,
  path: Path,
  changes: Pick<Censor, 'rules' | 'program'> & { readonly path?: Path } = {},
): CensorSpec {
  const prefixes = [written.inside ?? []].flat().flatMap((word, index) => {
    const at = Array.isArray(written.inside) ? [...path, 'inside', index] : [...path, 'inside'];
    return prefixesOf(context, lab.topology, word, at);
  });
  const scope: CensorScope = {
    context,
    lab,
    node,
    lists: new ListFiles(context),
    models: new ModelFiles(context),
    inPath: (written.position ?? 'in-path') === 'in-path',
    hasInside: written.inside !== undefined,
  };
  const at = (key: 'rules' | 'program'): Path => [
    ...(changes[key] === undefined ? path : (changes.path ?? path)),
    key,
  ];
  const rules = resolveRules(scope, changes.rules ?? written.rules ?? [], at('rules'));
  const source = changes.program ?? written.program;
  const program = source === undefined ? undefined : resolveProgram(scope, source, at('program'));
  return {
    rules,
    onError: written.onError === 'drop' || written.onError === 'closed' ? 'drop' : 'pass',
    inside: [...new Set(prefixes)],
    state: resolveState(written.state),
    reassembly: resolveReassembly(written.reassembly),
    checks: resolveChecks(written.checks),
    ...(program === undefined ? {} : { program }),
    lists: scope.lists.lists,
    models: scope.models.models,
  };
}

/** What the plan says of it: one censor for each node. */
export const planCensors = ({
  nodes,
  name,
  position,
  spec,
}: ResolvedCensor): readonly PlanCensor[] => nodes.map((on) => ({ ...spec, name, on, position }));
