import { AT_ONCE, DEFAULT_CENSOR } from '../../model/censor-defaults.ts';
import type { CensorRule } from '../../model/censor.ts';
import type { PlanCensor } from '../../model/plan.ts';
import type { Censor, CensorRule as WrittenRule } from '../../model/scenario-file.ts';
import { derivedCensorName } from '../censor-name.ts';
import type { Context } from '../context.ts';
import type { Path } from '../source/tree.ts';
import { resolveAction, resolveResidual } from './actions.ts';
import type { Lab } from './lab.ts';
import { resolveMatch } from './match.ts';
import { ratio } from './quantity.ts';

export interface ResolvedCensor {
  readonly path: Path;
  readonly censor: PlanCensor;
}

export function resolveCensors(context: Context, lab: Lab): readonly ResolvedCensor[] {
  return (context.scenario.censor ?? []).flatMap((written, index): ResolvedCensor[] => {
    if (!lab.topology.nodes.has(written.on)) return [];
    const path = ['censor', index];
    const position = written.position ?? 'in-path';
    return [
      {
        path,
        censor: {
          ...DEFAULT_CENSOR,
          name: written.name ?? derivedCensorName(written.on),
          on: written.on,
          position,
          onError: written.onError ?? 'pass',
          rules: rulesOf(context, written, position === 'in-path', path),
        },
      },
    ];
  });
}

function rulesOf(
  context: Context,
  censor: Censor,
  inPath: boolean,
  path: Path,
): readonly CensorRule[] {
  return censor.rules.flatMap((rule, index): CensorRule[] => {
    const at = [...path, 'rules', index];
    const action = resolveAction(rule.action, { context, path: [...at, 'action'], inPath });
    const match = resolveMatch(context, rule.match, [...at, 'match']);
    if (action === undefined) return [];
    const written = residualOf(context, rule, at);
    const residual = written && resolveResidual(written, { context, path: at, inPath });
    return [
      {
        name: rule.name ?? `rule-${index + 1}`,
        match: { all: match },
        actions: [action],
        first: null,
        engageAfter: AT_ONCE,
        probability: ratio(rule.probability ?? '100%'),
        ...(residual === undefined ? {} : { residual }),
      },
    ];
  });
}

/** It may stand beside the action or within it, not both. */
function residualOf(context: Context, rule: WrittenRule, path: Path): WrittenRule['residual'] {
  const within = typeof rule.action === 'string' ? undefined : rule.action.residual;
  if (within !== undefined && rule.residual !== undefined)
    context.report('S048', [...path, 'residual'], 'The residual blocking is written twice', {
      key: true,
      help: 'Write it either beside "action" or within it',
    });
  return rule.residual ?? within;
}
