import { member } from '../../base/member.ts';
import type { FrameSpec } from '../../model/protocol.ts';

/** Bytes of the longest line, and of the longest message of HTTP, unless the description says otherwise. */
const LINE_LIMIT = 65_536;
const HTTP_LIMIT = 1_048_576;

/** The frame of a description that the schema has accepted. */
export function readFrame(written: unknown): FrameSpec {
  if (written === 'chunk') return { kind: 'chunk' };
  const number = (value: unknown, otherwise: number): number =>
    typeof value === 'number' ? value : otherwise;
  const line = member(written, 'line');
  if (written === 'line' || line !== undefined)
    return { kind: 'line', limit: number(member(line, 'limit'), LINE_LIMIT) };
  const length = member(written, 'length');
  if (length === undefined)
    return { kind: 'http', limit: number(member(member(written, 'http'), 'limit'), HTTP_LIMIT) };
  const at = number(member(length, 'at'), 0);
  const width = widthOf(member(length, 'width'));
  const plus = number(member(length, 'plus'), 0);
  return {
    kind: 'length',
    at,
    width,
    plus,
    least: number(member(length, 'least'), at + width),
    limit: number(member(length, 'limit'), 2 ** (8 * Math.min(width, 3)) - 1 + plus),
  };
}

function widthOf(value: unknown): 1 | 2 | 3 | 4 {
  return value === 1 || value === 3 || value === 4 ? value : 2;
}
