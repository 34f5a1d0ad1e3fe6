// Rules whose actions have no effect, or less than one would think.
import type { CensorAction } from '../../model/censor-action.ts';
import type { Match, MatchCondition } from '../../model/censor-match.ts';
import type { CensorRule, CensorSpec } from '../../model/censor.ts';
import type { CensorRule as Written } from '../../model/scenario-file.ts';
import type { Context } from '../context.ts';
import type { Path } from '../source/tree.ts';
import type { Rule } from './rule.ts';

/** What a rule says takes effect. */
export const censorEffects: Rule = (context, { censors, controls }) => {
  const { censor = [], traffic = [] } = context.scenario;
  for (const { spec, path } of censors)
    checkSpec(context, spec, censor[Number(path[1])]?.rules, path);
  for (const { control, path } of controls)
    if (control.do.kind === 'reload')
      checkSpec(context, control.do.spec, traffic[Number(path[1])]?.rules, path);
};

function checkSpec(
  context: Context,
  { rules }: CensorSpec,
  written: readonly Written[] = [],
  path: Path,
): void {
  // What is resolved may be less than what is written.
  const all = written.findIndex(({ match, probability, first }) => {
    const isAll = Object.keys(match).length === 0;
    return isAll && probability === undefined && first === undefined;
  });
  const hidden = all < 0 || written.length > rules.length ? undefined : rules[all + 1];
  if (hidden !== undefined)
    warn(context, [...path, 'rules', all + 1], `The rule "${hidden.name}" is never asked`, {
      help: `The rule "${rules[all]?.name ?? ''}" before it matches every packet: move it to the end`,
    });
  for (const [index, rule] of rules.entries()) checkRule(context, rule, [...path, 'rules', index]);
}

function checkRule(context: Context, rule: CensorRule, path: Path): void {
  const { name, actions, probability, engageAfter, match, residual } = rule;
  if (probability === 0)
    warn(context, [...path, 'probability'], `The rule "${name}" acts on no flow`, {
      help: 'Raise "probability", or switch the rule off by "when: false"',
    });
  if (engageAfter.high > 0 && actions.every(({ kind }) => kind === 'allow'))
    warn(context, [...path, 'engageAfter'], 'An "allow" has no effect that could begin later', {
      help: 'Remove "engageAfter"',
    });
  const late = actions.find(({ kind }) => kind === 'redirect' || kind === 'mitm');
  if (engageAfter.high > 0 && late !== undefined)
    warn(
      context,
      [...path, 'engageAfter'],
      `A ${late.kind} cannot wait: the flow has begun by then`,
      {
        help: 'Remove "engageAfter"',
      },
    );
  if (actions.length > 1 && actions.some(({ kind }) => kind === 'allow'))
    warn(context, [...path, 'action'], 'An "allow" beside other actions says nothing', {
      help: 'Remove it',
    });
  checkRedirect(context, rule, path);
  if (residual?.probability === 0)
    warn(context, [...path, 'residual', 'probability'], 'The residual blocking holds for no flow');
  if (residual?.actions.length === 0 && isAllow(actions))
    warn(context, [...path, 'residual'], 'The residual blocking does nothing', {
      help: 'Add "action" to it',
    });
  const words = conditionsOf(match).find(
    (condition) => condition.field === 'share' && condition.share === 0,
  );
  if (words !== undefined)
    warn(context, [...path, 'match', 'share'], `The rule "${name}" matches no flow`);
}

/** A connection that has begun with one server cannot go on with another. */
function checkRedirect(context: Context, { actions, match }: CensorRule, path: Path): void {
  const message = conditionsOf(match).find(isOfMessage);
  if (message === undefined || !actions.some(({ kind }) => kind === 'redirect')) return;
  warn(
    context,
    [...path, 'action'],
    `The redirect comes too late: "${message.field}" is known when the flow has begun`,
    {
      help: 'Redirect later flows: residual: { for: 90s, action: { redirect: … } } beside a reset or drop',
    },
  );
}

const isOfMessage = ({ field }: MatchCondition): boolean =>
  ['http', 'tls', 'ssh', 'payload'].includes(field.split('.')[0] ?? '');

const isAllow = (actions: readonly CensorAction[]): boolean =>
  actions.every(({ kind }) => kind === 'allow');

/** All conditions that may have to hold. */
function conditionsOf(match: Match): readonly MatchCondition[] {
  if ('all' in match) return match.all.flatMap(conditionsOf);
  if ('any' in match) return match.any.flatMap(conditionsOf);
  return 'not' in match ? conditionsOf(match.not) : [match];
}

function warn(
  context: Context,
  path: Path,
  message: string,
  more: { readonly help?: string } = {},
): void {
  context.report('S164', path, message, { severity: 'warning', ...more });
}
