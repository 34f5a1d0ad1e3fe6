import type { Context } from '../../context.ts';
import type { Path } from '../../source/tree.ts';
import type { Piece } from './acts.ts';
import { countBytes, countInstructions } from './unroll.ts';

/** Instructions in the programs of all parties. */
const MOST_INSTRUCTIONS = 1_000_000;
/** Bytes that one play sends. */
const MOST_BYTES = 64 * 1024 ** 2;

/** Whether a script can be unrolled and held; a report when not. */
export function checkSize(context: Context, pieces: readonly Piece[], path: Path): boolean {
  const instructions = countInstructions(pieces);
  if (instructions > MOST_INSTRUCTIONS) {
    context.report(
      'S158',
      path,
      `The script is too long: its programs have ${instructions} instructions, expected at most ${MOST_INSTRUCTIONS}`,
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
