// Rules as tests: what holds for a whole direction of a flow, what is asked of each packet, what is asked of a message.
import { invariant } from '../../../base/invariant.ts';
import { type Random, seededRandom } from '../../../base/random.ts';
import type { CensorAction } from '../../../model/censor-action.ts';
import type { Match, MatchCondition } from '../../../model/censor-match.ts';
import type { CensorRule, Residual, Span } from '../../../model/censor.ts';
import { IP_PROTOCOL } from '../../../wire/ip-protocol.ts';
import { tcpFlagBit } from '../../../wire/tcp.ts';
import type { Layer } from '../inspect/message.ts';
import type { Look } from '../occasion.ts';
import { type PacketHead, compileHeadTest } from './head-condition.ts';
import { compileMessageTest, layerOf } from './message-condition.ts';

export interface CompiledRule {
  readonly index: number;
  readonly name: string;
  readonly actions: readonly CensorAction[];
  readonly residual: Residual | null;
  readonly probability: number;
  readonly first: CensorRule['first'];
  readonly engageAfter: Span;
  /** Whether the rule can match a packet of a flow and direction at all: addresses, ports, version and protocol. */
  appliesTo(head: PacketHead): boolean;
  /** The messages that it looks at; none for a rule over packets alone. */
  readonly layers: ReadonlySet<Layer>;
  /** What matches, such as `tls.sni blocked.example`; null when it does not. */
  matches(look: Look): string | null;
  /** The conditions, in words. */
  readonly words: string;
  /** Whether it stands for the censor's program, which is told of every message. */
  readonly isProgram: boolean;
  /** Draws for this rule: answers of its pool. */
  readonly random: Random;
}

export function compileRule(
  rule: CensorRule,
  index: number,
  seed: number,
  isProgram = false,
): CompiledRule {
  const conditions = conditionsOf(rule.match);
  const headTests = conditions.flatMap(compileHeadTest);
  const flags = conditions.filter((condition) => condition.field === 'tcp.flags');
  const flagsSet = flags.reduce((bits, { set }) => bits | flagBits(set), 0);
  const flagsClear = flags.reduce((bits, { clear }) => bits | flagBits(clear), 0);
  const protocol = flags.length > 0 ? IP_PROTOCOL.tcp : protocolOf(rule.actions);
  const layer = layerOf(conditions, rule.actions);
  const matchesMessage = compileMessageTest(conditions, layer);
  const words = conditions.map(describe).join(', ') || 'every packet';
  return {
    index,
    name: rule.name,
    actions: rule.actions,
    residual: rule.residual ?? null,
    probability: rule.probability,
    first: rule.first,
    engageAfter: rule.engageAfter,
    appliesTo: (head) =>
      (protocol === null || head.protocol === protocol) && headTests.every((test) => test(head)),
    layers: new Set(layer === null ? [] : [layer]),
    matches({ view, message }) {
      if ((view.flags & flagsSet) !== flagsSet || (view.flags & flagsClear) !== 0) return null;
      if (layer === null) return message === null ? words : null;
      return message === null ? null : matchesMessage(message);
    },
    words,
    isProgram,
    random: seededRandom(seed).fork(rule.name),
  };
}

function conditionsOf(match: Match): readonly MatchCondition[] {
  if ('all' in match) return match.all.flatMap(conditionsOf);
  invariant('field' in match, 'a rule joins its conditions by "all"');
  return [match];
}

/** What an action can be forged into: resets and pages are segments; DNS injectors of the field answer datagrams alone. */
function protocolOf(actions: readonly CensorAction[]): number | null {
  const [action] = actions;
  if (action?.kind === 'reset' || action?.kind === 'blockpage') return IP_PROTOCOL.tcp;
  return action?.kind === 'dns' ? IP_PROTOCOL.udp : null;
}

function flagBits(names: readonly string[]): number {
  let bits = 0;
  for (const name of names) {
    const bit = tcpFlagBit(name);
    invariant(bit !== undefined, `a resolved rule names only TCP flags, not "${name}"`);
    bits |= bit;
  }
  return bits;
}

function describe(condition: MatchCondition): string {
  switch (condition.field) {
    case 'ip.src':
    case 'ip.dst':
    case 'ip.addr':
      return `${condition.field} ${condition.prefixes.join('|')}`;
    case 'tcp.flags':
      return `tcp.flags ${[...condition.set, ...condition.clear.map((name) => `!${name}`)].join('+')}`;
    default: {
      if (!('ranges' in condition)) return condition.field;
      const ranges = condition.ranges.map(([low, high]) =>
        low === high ? `${low}` : `${low}-${high}`,
      );
      return `${condition.field} ${ranges.join('|')}`;
    }
  }
}
