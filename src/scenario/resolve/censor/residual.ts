import { parseMillis } from '../../../base/units.ts';
import type { Residual } from '../../../model/censor.ts';
import type { CensorRule, Residual as Written } from '../../../model/scenario-file.ts';
import type { Path } from '../../source/tree.ts';
import { ratio, spanOf } from '../quantity.ts';
import { resolveActions } from './act/action.ts';
import type { CensorScope } from './scope.ts';

/** `residual` stands beside the actions or within one of them; twice is reported. */
export function resolveResidual(
  scope: CensorScope,
  rule: CensorRule,
  path: Path,
): Residual | undefined {
  const [first, second] = writtenOf(rule, path);
  if (second !== undefined)
    scope.context.report('S048', second.path, 'The residual blocking is written twice', {
      key: true,
      help: 'Write it either beside "action" or within it',
    });
  return first && residualOf(scope, first.residual, first.path);
}

interface Place {
  readonly residual: Written;
  readonly path: Path;
}

function writtenOf(rule: CensorRule, path: Path): readonly Place[] {
  const within = rule.action.map((action) =>
    typeof action === 'string' ? undefined : action.residual,
  );
  return [
    ...within.map((residual, index) => ({
      residual,
      path: [...path, 'action', index, 'residual'],
    })),
    { residual: rule.residual, path: [...path, 'residual'] },
  ].flatMap(({ residual, path: at }) => (residual === undefined ? [] : [{ residual, path: at }]));
}

/** Each packet falls under it by itself: there is no flow to go on dropping. */
function residualOf(scope: CensorScope, written: Written, path: Path): Residual {
  const [low, high] = spanOf(written.for, parseMillis);
  return {
    key: written.key ?? '3-tuple',
    for: { low, high },
    refresh: written.refresh ?? false,
    existing: written.existing ?? false,
    actions: resolveActions(scope, written.action ?? [], [...path, 'action'], 'packet'),
    probability: ratio(written.probability ?? '100%'),
  };
}
