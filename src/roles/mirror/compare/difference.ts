// In what two answers differ: the first of status, headers, body.
import type { AnswerDifference, ComparedAnswer } from '../../../model/mirror-compare.ts';
import type { ReadAnswer } from './reader.ts';

/** An answer, with its times. */
export interface TimedAnswer extends ReadAnswer {
  readonly firstByte: number;
  readonly lastByte: number;
}

export type FoundDifference = Pick<AnswerDifference, 'what' | 'detail'>;

/** Null: they say the same. `ignored`: names of headers, in lower case. */
export function differenceOf(
  online: ReadAnswer,
  target: ReadAnswer,
  ignored: ReadonlySet<string>,
): FoundDifference | null {
  if (online.status !== target.status)
    return { what: 'status', detail: `status ${online.status}, not ${target.status}` };
  return differentHeader(online, target, ignored) ?? differentBody(online, target);
}

export const comparedAnswer = ({
  status,
  bytes,
  firstByte,
  lastByte,
}: TimedAnswer): ComparedAnswer => ({ status, bytes, firstByte, lastByte });

function differentHeader(
  online: ReadAnswer,
  target: ReadAnswer,
  ignored: ReadonlySet<string>,
): FoundDifference | null {
  const [left, right] = [headersOf(online, ignored), headersOf(target, ignored)];
  for (const name of new Set([...left.keys(), ...right.keys()])) {
    const [one, other] = [left.get(name), right.get(name)];
    if (one === other) continue;
    const detail = `${name}: ${one ?? 'not there'}, not ${other ?? 'not there'}`;
    return { what: 'header', detail };
  }
  return null;
}

/** Several of one name are joined by commas (RFC 9110 section 5.3). */
function headersOf(
  { headers }: ReadAnswer,
  ignored: ReadonlySet<string>,
): ReadonlyMap<string, string> {
  const joined = new Map<string, string>();
  for (const [name, value] of headers) {
    if (ignored.has(name)) continue;
    const before = joined.get(name);
    joined.set(name, before === undefined ? value : `${before}, ${value}`);
  }
  return joined;
}

function differentBody(online: ReadAnswer, target: ReadAnswer): FoundDifference | null {
  if (online.content === null || target.content === null) {
    if (online.bytes === target.bytes) return null;
    return { what: 'bytes', detail: `${online.bytes} bytes, not ${target.bytes}` };
  }
  const [left, right] = [online.content.beginning, target.content.beginning];
  const length = Math.min(left.length, right.length);
  for (let at = 0; at < length; at += 1)
    if (left[at] !== right[at])
      return { what: 'body', detail: `byte ${at} is ${hex(left[at])}, not ${hex(right[at])}` };
  if (left.length === right.length && online.content.digest === target.content.digest) return null;
  return { what: 'body', detail: `the same up to byte ${length}, and not behind it` };
}

const hex = (byte = 0): string => `0x${byte.toString(16).padStart(2, '0')}`;
