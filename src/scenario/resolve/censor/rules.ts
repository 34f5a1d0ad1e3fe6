import { parseMillis } from '../../../base/units.ts';
import type { CensorRule } from '../../../model/censor.ts';
import type { First, CensorRule as Written } from '../../../model/scenario-file.ts';
import type { Path } from '../../source/tree.ts';
import { bytes, ratio, spanOf } from '../quantity.ts';
import { resolveActions } from './act/action.ts';
import { resolveMatch } from './match/match.ts';
import { resolveResidual } from './residual.ts';
import type { CensorScope } from './scope.ts';

/** `path` is that of the list. Rules without an action are left out: that has been reported. */
export const resolveRules = (
  scope: CensorScope,
  written: readonly Written[],
  path: Path,
): readonly CensorRule[] =>
  written.flatMap((rule, index): CensorRule[] => {
    const at = [...path, index];
    const match = resolveMatch(scope, rule.match, [...at, 'match']);
    const actions = resolveActions(scope, rule.action, [...at, 'action']);
    const residual = resolveResidual(scope, rule, at);
    if (actions.length === 0) return [];
    const [low, high] = spanOf(rule.engageAfter ?? '0ms', parseMillis);
    return [
      {
        name: rule.name ?? `rule-${index + 1}`,
        match,
        actions,
        first: rule.first === undefined ? null : firstOf(rule.first),
        engageAfter: { low, high },
        probability: ratio(rule.probability ?? '100%'),
        ...(residual === undefined ? {} : { residual }),
      },
    ];
  });

const firstOf = (written: First): CensorRule['first'] =>
  typeof written === 'number'
    ? { packets: written, bytes: null }
    : {
        packets: written.packets ?? null,
        bytes: written.bytes === undefined ? null : bytes(written.bytes),
      };
