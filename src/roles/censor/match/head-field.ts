// Which conditions are over what all packets of one direction of a flow have in common: they are asked once for each.
import type { Match, MatchCondition } from '../../../model/censor-match.ts';

export type HeadField =
  | `ip.${'src' | 'dst' | 'addr' | 'version' | 'proto'}`
  | `${'tcp' | 'udp'}.${'srcport' | 'dstport' | 'port'}`
  | `flow.${'side' | 'origin'}`
  | 'ports'
  | 'share';

const HEAD_FIELDS: ReadonlySet<string> = new Set<HeadField>([
  'ip.src',
  'ip.dst',
  'ip.addr',
  'ip.version',
  'ip.proto',
  'tcp.srcport',
  'tcp.dstport',
  'tcp.port',
  'udp.srcport',
  'udp.dstport',
  'udp.port',
  'flow.side',
  'flow.origin',
  'ports',
  'share',
]);

/** Whether no part of it is over anything else. */
export function isOverHead(match: Match): boolean {
  if ('all' in match) return match.all.every(isOverHead);
  if ('any' in match) return match.any.every(isOverHead);
  if ('not' in match) return isOverHead(match.not);
  return HEAD_FIELDS.has(match.field);
}

/** The parts that must all be true. */
export const conjunctsOf = (match: Match): readonly Match[] =>
  'all' in match ? match.all.flatMap(conjunctsOf) : [match];

/** The conditions anywhere in it. */
export function conditionsOf(match: Match): readonly MatchCondition[] {
  if ('all' in match) return match.all.flatMap(conditionsOf);
  if ('any' in match) return match.any.flatMap(conditionsOf);
  if ('not' in match) return conditionsOf(match.not);
  return [match];
}
