// Which messages a match asks about, and whether it may be true of a packet without one.
import type { Match, MatchCondition } from '../../../model/censor-match.ts';
import type { Layer } from '../inspect/message.ts';
import { conditionsOf } from './head-field.ts';

const LAYERS: readonly Layer[] = ['dns', 'http', 'quic', 'ssh', 'tls'];

/** The messages that a condition is over; null for one over packets and flows. */
export function layerOfField(field: MatchCondition['field']): Layer | null {
  const family = field.slice(0, field.indexOf('.'));
  return LAYERS.find((layer) => layer === family) ?? null;
}

/** The kinds of message that a condition is over and with which the whole can be true. */
export function layersOf(match: Match): readonly Layer[] {
  const named = new Set(conditionsOf(match).map(({ field }) => layerOfField(field)));
  return LAYERS.filter((layer) => named.has(layer) && canBeTrue(match, layer));
}

/** Whether it can be true when asked about one message of `layer`, or about none; conditions over other messages are then unknown. */
export function canBeTrue(match: Match, layer: Layer | null): boolean {
  if ('all' in match) return match.all.every((part) => canBeTrue(part, layer));
  if ('any' in match) return match.any.some((part) => canBeTrue(part, layer));
  if ('not' in match) return canBeFalse(match.not, layer);
  return isKnown(match, layer);
}

function canBeFalse(match: Match, layer: Layer | null): boolean {
  if ('all' in match) return match.all.some((part) => canBeFalse(part, layer));
  if ('any' in match) return match.any.every((part) => canBeFalse(part, layer));
  if ('not' in match) return canBeTrue(match.not, layer);
  return isKnown(match, layer);
}

function isKnown({ field }: MatchCondition, layer: Layer | null): boolean {
  const own = layerOfField(field);
  return own === null || own === layer;
}
