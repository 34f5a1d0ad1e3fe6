import type { Trace } from '../../model/trace.ts';
import { writeNpy, writeNpyTexts } from './npy.ts';
import { writeZip } from './zip.ts';

/** Microseconds that stand for 0: a time of 0 would be padding. */
const FIRST = 1;

/**
 * The traces of one path as NumPy's arrays. `X` and `y` are what WFlib reads: seconds with the sign of the direction, padded with 0, and the site's number.
 * `sizes` and `timestamps` are wf-tools' two tables (bytes with the sign of the direction; seconds), `labels` and `visits` say what each row is.
 * `length` is the number of columns: longer traces are cut.
 */
export function writeNpz(
  traces: readonly Trace[],
  sites: ReadonlyMap<string, number>,
  length: number,
): Uint8Array {
  const shape = [traces.length, length];
  const table = (valueOf: (trace: Trace, index: number) => number): number[] =>
    traces.flatMap((trace) => {
      const row = new Array<number>(length).fill(0);
      const end = Math.min(length, trace.times.length);
      for (let index = 0; index < end; index += 1) row[index] = valueOf(trace, index);
      return row;
    });
  const sizeAt = ({ sizes }: Trace, index: number): number => sizes[index] ?? 0;
  const timeAt = ({ times }: Trace, index: number): number => times[index] ?? 0;
  const arrays: Readonly<Record<string, Uint8Array>> = {
    X: writeNpy(
      '<f8',
      shape,
      table(
        (trace, index) =>
          (Math.sign(sizeAt(trace, index)) * Math.max(FIRST, timeAt(trace, index))) / 1e6,
      ),
    ),
    y: writeNpy(
      '<i8',
      [traces.length],
      traces.map(({ site }) => sites.get(site) ?? -1),
    ),
    sizes: writeNpy('<i4', shape, table(sizeAt)),
    timestamps: writeNpy(
      '<f8',
      shape,
      table((trace, index) => timeAt(trace, index) / 1e6),
    ),
    labels: writeNpyTexts(traces.map(({ site }) => site)),
    visits: writeNpy(
      '<i4',
      [traces.length],
      traces.map(({ visit }) => visit),
    ),
  };
  return writeZip(Object.entries(arrays).map(([name, bytes]) => ({ name: `${name}.npy`, bytes })));
}
