import { tcpFlagBit, TCP_FLAG } from '../../../wire/tcp.ts';
import type { Context } from '../../context.ts';
import type { Path } from '../../source/tree.ts';
import { didYouMean } from '../../suggest.ts';

/** `SYN+ACK` or `none` → the bits of the header. Undefined, with a report, for what is no flag. */
export function resolveFlags(context: Context, written: string, path: Path): number | undefined {
  if (written === 'none') return 0;
  let flags = 0;
  for (const word of written.split('+')) {
    const bit = tcpFlagBit(word.trim());
    if (bit === undefined) {
      const upper = written.toUpperCase().replaceAll(/[\s,|&/-]+/g, '+');
      const isNear = upper.split('+').every((item) => tcpFlagBit(item) !== undefined);
      context.report('S157', path, `"${word}" is no flag of TCP`, {
        help: isNear
          ? `Write "${upper}"`
          : (didYouMean(word, Object.keys(TCP_FLAG)) ??
            'FIN, SYN, RST, PSH, ACK, URG, ECE and CWR are, joined by "+"; "none" for no flag'),
      });
      return undefined;
    }
    flags |= bit;
  }
  return flags;
}
