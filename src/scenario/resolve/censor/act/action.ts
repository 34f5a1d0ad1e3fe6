// `action` of a rule, with what is not written filled in.
import { parseMillis } from '../../../../base/units.ts';
import type { CensorAction, DropAction } from '../../../../model/censor-action.ts';
import type { Action, ResidualAction } from '../../../../model/scenario-file.ts';
import type { Path } from '../../../source/tree.ts';
import { bitsPerSecond, bytes, ratio, spanOf } from '../../quantity.ts';
import { type CensorScope, type Place, below } from '../scope.ts';
import { resolveBlockPage } from './block-page.ts';
import { resolveDns } from './dns.ts';
import { resolveDrop, resolveFreeze } from './drop.ts';
import { resolveRedirect } from './redirect.ts';
import { resolveReset, resolveRewrite } from './reset.ts';
import { resolveTamper } from './tamper.ts';

/** All that can be resolved of a list of actions; the others are reported. */
export const resolveActions = (
  scope: CensorScope,
  written: readonly (Action | ResidualAction)[],
  path: Path,
  usual: DropAction['scope'] = 'flow',
): readonly CensorAction[] =>
  written.flatMap((action, index) => {
    const place = { scope, path: [...path, index], key: 'action' };
    return resolveAction(place, action, usual) ?? [];
  });

/** Undefined, with a report, unless exactly one is written. `usual` is what a drop is of when it does not say. */
function resolveAction(
  place: Place,
  action: Action | ResidualAction,
  usual: DropAction['scope'],
): CensorAction | undefined {
  if (typeof action === 'string') return byWord(place, action, usual);
  const { context } = place.scope;
  const written = Object.keys(action).filter((key) => key !== 'residual');
  if (written.length === 0 && context.partial) return undefined;
  if (written.length !== 1) {
    context.report(
      'S048',
      place.path,
      `Expected exactly one action, found ${written.length === 0 ? 'none' : written.join(' and ')}`,
      {
        help:
          written.length === 0
            ? 'Actions: allow, drop, freeze, reset, rewrite, inject, redirect, throttle, delay, lose, tamper, mitm'
            : `Write a list for both: [${written.map((key) => `{ ${key}: … }`).join(', ')}]`,
      },
    );
    return undefined;
  }
  return forged(place, action) ?? standing(place, action, usual);
}

function byWord(place: Place, word: string, usual: DropAction['scope']): CensorAction {
  if (word === 'allow') return { kind: 'allow' };
  return word === 'drop' ? resolveDrop({}, usual) : resolveReset(place, {});
}

type Options = Exclude<Action, string>;

/** What sends packets of its own. */
function forged(place: Place, { reset, inject }: Options): CensorAction | undefined {
  if (reset !== undefined) return resolveReset(below(place, 'reset'), reset);
  const at = below(place, 'inject');
  if (inject?.dns !== undefined) return resolveDns(below(at, 'dns'), inject.dns);
  return inject?.http && resolveBlockPage(below(at, 'http'), inject.http);
}

/** What happens to the flow's own packets. */
function standing(
  place: Place,
  options: Options,
  usual: DropAction['scope'],
): CensorAction | undefined {
  const { allow, drop, freeze, rewrite, redirect, throttle, delay, lose, tamper, mitm } = options;
  if (allow !== undefined) return { kind: 'allow' };
  if (drop !== undefined) return resolveDrop(drop, usual);
  if (freeze !== undefined) return resolveFreeze(freeze);
  if (rewrite !== undefined) return resolveRewrite(below(place, 'rewrite'), rewrite);
  if (redirect !== undefined) return resolveRedirect(below(place, 'redirect'), redirect);
  if (throttle !== undefined)
    return {
      kind: 'throttle',
      mode: throttle.mode ?? 'police',
      rate: bitsPerSecond(throttle.rate),
      burst: bytes(throttle.burst ?? '16KiB'),
      direction: throttle.direction ?? 'both',
      per: throttle.per ?? 'flow',
    };
  if (delay !== undefined) {
    const { by, direction = 'both', scope = 'flow' } = delay;
    return { kind: 'delay', by: spanOf(by, parseMillis), direction, scope };
  }
  if (lose !== undefined) {
    const { share, direction = 'both', scope = 'flow' } = lose;
    return { kind: 'lose', share: ratio(share), direction, scope };
  }
  if (tamper !== undefined) return resolveTamper(below(place, 'tamper'), tamper);
  return mitm && { kind: 'mitm', authority: mitm.authority ?? 'own', log: mitm.log ?? false };
}
