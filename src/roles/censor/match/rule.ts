// Rules as tests: what holds for a whole direction of a flow, what is asked of each packet, what is asked of a message.
import type { CensorAction, CensorRule, MatchCondition, Residual } from '../../../model/censor.ts';
import { type Random, seededRandom } from '../../../base/random.ts';
import { invariant } from '../../../base/invariant.ts';
import { IP_PROTOCOL } from '../../../wire/ip-protocol.ts';
import { tcpFlagBit } from '../../../wire/tcp.ts';
import { type PacketHead, compileHeadTest } from './head-condition.ts';
import type { Layer, Message } from '../inspect/message.ts';
import { compileMessageTest, layerOf } from './message-condition.ts';

export interface CompiledRule {
  readonly index: number;
  readonly name: string;
  readonly action: CensorAction;
  readonly residual: Residual | null;
  readonly probability: number;
  /** Addresses, ports, version and protocol. */
  appliesTo(head: PacketHead): boolean;
  /** Bits of TCP flags that must be set and clear; both 0 for a rule that does not ask. */
  readonly flagsSet: number;
  readonly flagsClear: number;
  /** The message that must have been seen, or null for a rule over packets alone. */
  readonly layer: Layer | null;
  /** What of the message matches, such as `tls.sni blocked.example`; null when it does not. */
  matchesMessage(message: Message): string | null;
  /** The conditions over packets, in words. */
  readonly words: string;
  /** Draws for this rule: answers of its pool. */
  readonly random: Random;
}

export function compileRule(rule: CensorRule, index: number, seed: number): CompiledRule {
  const headTests = rule.match.flatMap(compileHeadTest);
  const flags = rule.match.filter((condition) => condition.field === 'tcp.flags');
  const protocol = flags.length > 0 ? IP_PROTOCOL.tcp : protocolOf(rule.action);
  return {
    index,
    name: rule.name,
    action: rule.action,
    residual: rule.residual ?? null,
    probability: rule.probability,
    appliesTo: (head) =>
      (protocol === null || head.protocol === protocol) && headTests.every((test) => test(head)),
    flagsSet: flags.reduce((bits, { set }) => bits | flagBits(set), 0),
    flagsClear: flags.reduce((bits, { clear }) => bits | flagBits(clear), 0),
    layer: layerOf(rule),
    matchesMessage: compileMessageTest(rule),
    words: rule.match.map(describe).join(', ') || 'every packet',
    random: seededRandom(seed).fork(rule.name),
  };
}

/** What an action can be forged into: resets and pages are segments; DNS injectors of the field answer datagrams alone. */
function protocolOf({ kind }: CensorAction): number | null {
  if (kind === 'reset' || kind === 'blockpage') return IP_PROTOCOL.tcp;
  return kind === 'dns' ? IP_PROTOCOL.udp : null;
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
  if ('prefixes' in condition) return `${condition.field} ${condition.prefixes.join('|')}`;
  if ('ranges' in condition) {
    const ranges = condition.ranges.map(([low, high]) =>
      low === high ? `${low}` : `${low}-${high}`,
    );
    return `${condition.field} ${ranges.join('|')}`;
  }
  if ('values' in condition) return `${condition.field} ${condition.values.join('|')}`;
  if ('set' in condition)
    return `tcp.flags ${[...condition.set, ...condition.clear.map((name) => `!${name}`)].join('+')}`;
  return condition.field;
}
