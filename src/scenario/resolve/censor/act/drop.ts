import { parseBytes } from '../../../../base/units.ts';
import type { DropAction } from '../../../../model/censor-action.ts';
import type { CountSpan, DropAfter, Freeze } from '../../../../model/scenario-file.ts';
import { spanOf } from '../../quantity.ts';

interface Written {
  readonly direction?: DropAction['direction'];
  readonly scope?: DropAction['scope'];
  readonly after?: DropAfter;
}

export const resolveDrop = (
  { direction = 'both', scope, after }: Written,
  usual: DropAction['scope'],
): DropAction => ({
  kind: 'drop',
  direction,
  scope: scope ?? (after === undefined ? usual : 'flow'),
  after: after === undefined ? null : afterOf(after),
});

/** A flow that carries so much, and then nothing more. */
export const resolveFreeze = ({ after, direction = 'both' }: Freeze): DropAction => ({
  kind: 'drop',
  direction,
  scope: 'flow',
  after: { packets: null, bytes: sizes(after) },
});

function afterOf(written: DropAfter): DropAction['after'] {
  if (typeof written !== 'object') return { packets: counts(written), bytes: null };
  return {
    packets: written.packets === undefined ? null : counts(written.packets),
    bytes: written.bytes === undefined ? null : sizes(written.bytes),
  };
}

function counts(written: CountSpan): readonly [low: number, high: number] {
  const [low = '', high = low] = String(written).split('-');
  return [Math.min(Number(low), Number(high)), Math.max(Number(low), Number(high))];
}

function sizes(written: string): readonly [low: number, high: number] {
  const [low, high] = spanOf(written, parseBytes);
  return [Math.round(low), Math.round(high)];
}
