import type { ListEdit } from '../../../../model/relay.ts';
import type { RelayOperation as Written } from '../../../../model/scenario-file.ts';

/** Undefined for what is no edit of lists. */
export function resolveListEdit({
  remove,
  repeat,
  shuffle,
}: Exclude<Written, string>): ListEdit | undefined {
  if (remove !== undefined) return { kind: 'remove', path: remove.field };
  if (repeat !== undefined) return { kind: 'repeat', path: repeat.field, times: repeat.times ?? 1 };
  return shuffle && { kind: 'shuffle', path: shuffle.field, how: shuffle.how ?? 'random' };
}
