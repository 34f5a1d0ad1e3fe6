import type { SequenceNumber } from '../../../model/script.ts';

/** `1000`, `"+5"`, `"isn"` or `"isn+1"`; the schema has seen to the form. */
export function resolveSequenceNumber(written: number | string | undefined): SequenceNumber | null {
  if (written === undefined) return null;
  if (typeof written === 'number') return { base: 'absolute', offset: written };
  return written.startsWith('isn')
    ? { base: 'initial', offset: Number(written.slice(3)) }
    : { base: 'next', offset: Number(written) };
}
