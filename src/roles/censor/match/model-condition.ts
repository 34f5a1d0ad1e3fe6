import type { ModelEvaluator } from '../../../model/censor-evaluator.ts';
import type { ModelCondition, ModelFeature } from '../../../model/censor-match.ts';
import { readU8 } from '../../../wire/bytes.ts';
import type { Look } from './look.ts';
import { isSeveral, readNumber } from './number-field.ts';
import { compileRanges } from './number-range.ts';
import { type Truth, UNKNOWN, truthOf } from './truth.ts';

/** Unknown where the packet does not have one of the features, or the model gives nothing for them. */
export function compileModel(
  { model, features, output, ranges }: ModelCondition,
  evaluator: ModelEvaluator | null,
): (look: Look) => Truth {
  const isIn = compileRanges(ranges);
  const input = new Float32Array(
    features.reduce((sum, feature) => sum + ('bytes' in feature ? feature.bytes : 1), 0),
  );
  return (look) => {
    if (evaluator === null || !fill(input, features, look)) return UNKNOWN;
    const value = evaluator.evaluate(model, input)?.[output];
    return value === undefined || Number.isNaN(value) ? UNKNOWN : truthOf(isIn(value));
  };
}

function fill(input: Float32Array, features: readonly ModelFeature[], look: Look): boolean {
  let at = 0;
  for (const feature of features) {
    if ('bytes' in feature) {
      if (!fillBytes(input, at, feature.bytes, look)) return false;
      at += feature.bytes;
      continue;
    }
    const value = readFeature(feature.field, look);
    if (Number.isNaN(value)) return false;
    input[at] = value;
    at += 1;
  }
  return true;
}

function fillBytes(input: Float32Array, at: number, count: number, { view }: Look): boolean {
  const { memory, payloadStart, payloadEnd } = view;
  if (payloadStart >= payloadEnd) return false;
  for (let index = 0; index < count; index += 1) {
    const from = payloadStart + index;
    input[at + index] = from < payloadEnd ? readU8(memory, from) : 0;
  }
  return true;
}

/** Of fields that a packet has several of: the server's port, and no extension. */
function readFeature(
  field: Extract<ModelFeature, { field: unknown }>['field'],
  look: Look,
): number {
  if (!isSeveral(field)) return readNumber(field, look);
  if (field === 'tls.extension') return NaN;
  const transport = field === 'tcp.port' ? 'tcp' : 'udp';
  return readNumber(look.isForward ? `${transport}.dstport` : `${transport}.srcport`, look);
}
