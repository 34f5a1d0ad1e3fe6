import type { Trace } from '../../model/trace.ts';

/**
 * One line a packet, `seconds<TAB>direction`, as the cell traces of Tor are (Wang et al. 2014): 1 from the client, -1 to it. `sizes` has bytes with that
 * sign instead. They are packets, not cells of 512 bytes.
 */
export const traceLines = (
  { times, sizes }: Pick<Trace, 'times' | 'sizes'>,
  kind: 'cells' | 'sizes',
): string =>
  times
    .map((time, index) => {
      const size = sizes[index] ?? 0;
      return `${(time / 1e6).toFixed(6)}\t${kind === 'cells' ? Math.sign(size) : size}\n`;
    })
    .join('');
