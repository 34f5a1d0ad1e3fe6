// The part of a rule that is asked once for each direction of a flow: whether the rule applies to it at all.
import type { CensorAction } from '../../../model/censor-action.ts';
import type { Match, NumberRange } from '../../../model/censor-match.ts';
import type { CensorRule } from '../../../model/censor.ts';
import { IP_PROTOCOL } from '../../../wire/ip-protocol.ts';
import type { Layer } from '../inspect/message.ts';
import { conjunctsOf, isOverHead } from './head-field.ts';
import type { Look } from './look.ts';
import { compileMatch } from './match-tree.ts';
import type { Terms } from './terms.ts';
import { TRUE } from './truth.ts';

export interface RuleHead {
  /** Equal for heads that are. */
  readonly key: string;
  /** A prefix set that holds one of both addresses wherever it applies; null when there is none. */
  readonly prefixSet: number | null;
  /** Ranges that hold one of both ports wherever it applies; null when there are none. */
  readonly ports: readonly NumberRange[] | null;
  holds(look: Look): boolean;
}

export function compileHead(
  rule: CensorRule,
  layers: readonly Layer[],
  asksBare: boolean,
  terms: Terms,
): RuleHead {
  const conjuncts = conjunctsOf(rule.match);
  const parts = conjuncts.filter(isOverHead);
  const protocol =
    protocolOfActions(rule.actions) ??
    protocolOfConditions(conjuncts) ??
    (asksBare ? null : protocolOfLayers(layers));
  const tests = parts.map((part) => compileMatch(part, terms).test);
  return {
    key: JSON.stringify([protocol, parts.map((part) => JSON.stringify(part)).toSorted()]),
    prefixSet: prefixSetOf(parts, terms),
    ports: portsOf(parts),
    holds: (look) =>
      (protocol === null || look.head.protocol === protocol) &&
      tests.every((test) => test(look) === TRUE),
  };
}

/** What every action can be forged into: resets and pages are segments; DNS injectors of the field answer datagrams alone. */
function protocolOfActions(actions: readonly CensorAction[]): number | null {
  const protocols = new Set(actions.map(protocolOfAction));
  const [protocol = null] = protocols;
  return protocols.size === 1 ? protocol : null;
}

function protocolOfAction({ kind }: CensorAction): number | null {
  if (kind === 'reset' || kind === 'blockpage' || kind === 'mitm') return IP_PROTOCOL.tcp;
  return kind === 'dns' ? IP_PROTOCOL.udp : null;
}

function protocolOfConditions(conjuncts: readonly Match[]): number | null {
  for (const part of conjuncts) {
    if (!('field' in part)) continue;
    if (part.field.startsWith('tcp.')) return IP_PROTOCOL.tcp;
    if (part.field.startsWith('udp.')) return IP_PROTOCOL.udp;
  }
  return null;
}

/** DNS goes over both. */
function protocolOfLayers(layers: readonly Layer[]): number | null {
  if (layers.every((layer) => layer === 'quic')) return IP_PROTOCOL.udp;
  return layers.some((layer) => layer === 'quic' || layer === 'dns') ? null : IP_PROTOCOL.tcp;
}

/** Of the first such condition. */
function prefixSetOf(parts: readonly Match[], terms: Terms): number | null {
  for (const part of parts)
    if ('prefixes' in part) return terms.prefixes.idOf({ values: part.prefixes, list: part.list });
  return null;
}

function portsOf(parts: readonly Match[]): readonly NumberRange[] | null {
  for (const part of parts)
    if ('field' in part && 'ranges' in part && /^(tcp|udp)\.(src|dst)?port$/.test(part.field))
      return part.ranges;
  return null;
}
