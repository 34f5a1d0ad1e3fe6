import type { CensorAction } from '../../model/censor-action.ts';
import type { Match, MatchCondition } from '../../model/censor-match.ts';
import type { CensorRule } from '../../model/censor.ts';
import type { Rule } from './rule.ts';

/** IANA protocol numbers. */
const TCP = 6;
const UDP = 17;

/** What the fields that begin so come over. */
const TRANSPORTS: ReadonlyMap<string | undefined, readonly number[]> = new Map([
  ['tcp', [TCP]],
  ['http', [TCP]],
  ['tls', [TCP]],
  ['udp', [UDP]],
  ['dns', [TCP, UDP]],
]);

/** Conditions that no packet fulfils together are no fault of the file, but hardly what was meant. */
export const matches: Rule = (context, { censors }) => {
  for (const { spec, path } of censors)
    for (const [index, rule] of spec.rules.entries()) {
      const why = contradiction(rule);
      if (why === undefined) continue;
      context.report(
        'S085',
        [...path, 'rules', index, 'match'],
        `The rule "${rule.name}" can never match: ${why}`,
        {
          severity: 'warning',
          help: 'All conditions of a rule must hold at once, over what its action answers: write a rule for each',
        },
      );
    }
};

function contradiction({ match, actions }: CensorRule): string | undefined {
  const conditions = conditionsOf(match);
  const [first, ...others] = conditions.filter(({ field }) => messageOf(field) !== undefined);
  const other = others.find(({ field }) => messageOf(field) !== messageOf(first?.field));
  if (first !== undefined && other !== undefined)
    return `"${first.field}" and "${other.field}" are of different messages`;
  const wishes: readonly Wish[] = [
    ...conditions.flatMap(transportsOf),
    ...actions.flatMap(transportsOfAction),
  ];
  for (const [index, wish] of wishes.entries()) {
    const against = wishes
      .slice(0, index)
      .find(({ protocols }) => !protocols.some((item) => wish.protocols.includes(item)));
    if (against !== undefined)
      return `${against.what} and ${wish.what} are of different transport protocols`;
  }
  return undefined;
}

/** Those that must all hold. */
function conditionsOf(match: Match): readonly MatchCondition[] {
  if ('all' in match) return match.all.flatMap(conditionsOf);
  return 'field' in match ? [match] : [];
}

interface Wish {
  readonly what: string;
  /** IP protocol numbers that it may come over. */
  readonly protocols: readonly number[];
}

function messageOf(field: MatchCondition['field'] | undefined): string | undefined {
  const [layer = ''] = (field ?? '').split('.');
  return ['dns', 'http', 'tls'].includes(layer) ? layer : undefined;
}

function transportsOf(condition: MatchCondition): readonly Wish[] {
  const what = `"${condition.field}"`;
  if (condition.field === 'ip.proto')
    return [{ what, protocols: condition.ranges.map(([low]) => low ?? 0) }];
  const protocols = TRANSPORTS.get(condition.field.split('.')[0]);
  return protocols === undefined ? [] : [{ what, protocols }];
}

/** Resets and pages are forged into TCP alone; DNS answers into UDP alone. */
function transportsOfAction({ kind }: CensorAction): readonly Wish[] {
  if (kind === 'reset') return [{ what: 'a reset', protocols: [TCP] }];
  if (kind === 'blockpage') return [{ what: 'a block page', protocols: [TCP] }];
  return kind === 'dns' ? [{ what: 'a forged DNS answer', protocols: [UDP] }] : [];
}
