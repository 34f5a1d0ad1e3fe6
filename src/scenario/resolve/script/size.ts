import type { Context } from '../../context.ts';
import type { Path } from '../../source/tree.ts';
import type { Piece } from './acts.ts';
import { countActs, countBytes } from './unroll.ts';

/** Instructions of all parties: each act is one of its own and at most three of others. */
const MOST_INSTRUCTIONS = 1_000_000;
const EACH = 4;
/** Bytes that one play sends. */
const MOST_BYTES = 64 * 1024 ** 2;

/** Whether a script can be unrolled and held; a report when not. */
export function checkSize(context: Context, pieces: readonly Piece[], path: Path): boolean {
  const acts = countActs(pieces);
  if (acts * EACH > MOST_INSTRUCTIONS) {
    context.report(
      'S158',
      path,
      `The script is too long: its loops make ${acts} steps, expected at most ${MOST_INSTRUCTIONS / EACH}`,
      {
        key: true,
        help: 'Repeat the whole flow by "repeat" or "for", or let a party repeat its own steps: client: { repeat: { times: …, steps: [ … ] } }',
      },
    );
    return false;
  }
  const bytes = countBytes(pieces);
  if (bytes <= MOST_BYTES) return true;
  context.report(
    'S153',
    path,
    `Expected a script to send at most ${MOST_BYTES / 1024 ** 2} MiB, found ${(bytes / 1024 ** 2).toFixed(1)} MiB`,
    { key: true, help: 'Repeat the whole flow by "repeat" or "for"' },
  );
  return false;
}
