import type { CensorAction } from '../../model/censor-action.ts';
import type { Match, MatchCondition } from '../../model/censor-match.ts';
import type { CensorRule } from '../../model/censor.ts';
import type { Context } from '../context.ts';
import type { Path } from '../source/tree.ts';
import type { Rule } from './rule.ts';

/** IANA protocol numbers. */
const TCP = 6;
const UDP = 17;
const ICMP = [1, 58];

/** What the fields that begin so come over. */
const TRANSPORTS: ReadonlyMap<string | undefined, readonly number[]> = new Map([
  ['tcp', [TCP]],
  ['http', [TCP]],
  ['tls', [TCP]],
  ['ssh', [TCP]],
  ['udp', [UDP]],
  ['quic', [UDP]],
  ['dns', [TCP, UDP]],
  ['icmp', ICMP],
  ['ports', [TCP, UDP]],
]);
const MESSAGES = ['dns', 'http', 'tls', 'quic', 'ssh'];

/** Conditions that no packet fulfils together are no fault of the file, but hardly what was meant. */
export const matches: Rule = (context, { censors, controls }) => {
  for (const { spec, path } of censors) checkRules(context, spec.rules, path);
  for (const { control, path } of controls)
    if (control.do.kind === 'reload') checkRules(context, control.do.spec.rules, path);
};

function checkRules(context: Context, rules: readonly CensorRule[], path: Path): void {
  for (const [index, rule] of rules.entries()) {
    const why = contradiction(rule);
    if (why === undefined) continue;
    context.report(
      'S085',
      [...path, 'rules', index, 'match'],
      `The rule "${rule.name}" can never match: ${why}`,
      {
        severity: 'warning',
        help: 'All conditions of a rule must hold at once, over what its action answers: write a rule for each, or "any"',
      },
    );
  }
}

/** What holds in every way in which a match can hold: an alternative contradicts only where each of its branches does. */
function contradiction({ match, actions }: CensorRule): string | undefined {
  const wishes = actions.flatMap(transportsOfAction);
  const found = waysOf(match).map((conditions) => clash(conditions, wishes));
  return found.every((why) => why !== undefined) ? found[0] : undefined;
}

/** Ways beyond which a match is taken to hold in some. */
const MOST_WAYS = 64;

/** The conditions that must hold together, for each choice among alternatives. A `not` asks nothing of the protocol. */
function waysOf(match: Match): readonly (readonly MatchCondition[])[] {
  if ('any' in match) return match.any.flatMap(waysOf).slice(0, MOST_WAYS);
  if ('not' in match) return [[]];
  if (!('all' in match)) return [[match]];
  let ways: readonly (readonly MatchCondition[])[] = [[]];
  for (const item of match.all) {
    const own = waysOf(item);
    if (ways.length * own.length > MOST_WAYS) continue;
    ways = ways.flatMap((way) => own.map((more) => [...way, ...more]));
  }
  return ways;
}

function clash(conditions: readonly MatchCondition[], acts: readonly Wish[]): string | undefined {
  const [first, ...others] = conditions.filter(({ field }) => messageOf(field) !== undefined);
  const other = others.find(({ field }) => messageOf(field) !== messageOf(first?.field));
  if (first !== undefined && other !== undefined)
    return `"${first.field}" and "${other.field}" are of different messages`;
  const wishes = [...conditions.flatMap(transportsOf), ...acts];
  for (const [index, wish] of wishes.entries()) {
    const against = wishes
      .slice(0, index)
      .find(({ protocols }) => !protocols.some((item) => wish.protocols.includes(item)));
    if (against !== undefined)
      return `${against.what} and ${wish.what} are of different transport protocols`;
  }
  return undefined;
}

interface Wish {
  readonly what: string;
  /** IP protocol numbers that it may come over. */
  readonly protocols: readonly number[];
}

function messageOf(field: MatchCondition['field'] | undefined): string | undefined {
  const [layer = ''] = (field ?? '').split('.');
  return MESSAGES.includes(layer) ? layer : undefined;
}

function transportsOf(condition: MatchCondition): readonly Wish[] {
  const what = `"${condition.field}"`;
  if (condition.field === 'ip.proto') {
    const holds = (protocol: number): boolean =>
      condition.ranges.some(
        ([low, high]) => (low ?? 0) <= protocol && protocol <= (high ?? Infinity),
      );
    return [{ what, protocols: Array.from({ length: 256 }, (_, item) => item).filter(holds) }];
  }
  const protocols = TRANSPORTS.get(condition.field.split('.')[0]);
  return protocols === undefined ? [] : [{ what, protocols }];
}

/** Resets and pages are forged into TCP alone; DNS answers into UDP alone. */
function transportsOfAction({ kind }: CensorAction): readonly Wish[] {
  if (kind === 'reset') return [{ what: 'a reset', protocols: [TCP] }];
  if (kind === 'blockpage') return [{ what: 'a block page', protocols: [TCP] }];
  if (kind === 'mitm') return [{ what: 'TLS interception', protocols: [TCP] }];
  return kind === 'dns' ? [{ what: 'a forged DNS answer', protocols: [UDP] }] : [];
}
