import type { Trace } from '../../../src/model/trace.ts';

/** A trace of these sizes, one packet every `step` microseconds. */
export const traceOf = (
  sizes: readonly number[],
  {
    step = 1000,
    ...more
  }: Partial<Omit<Trace, 'times' | 'sizes'>> & { readonly step?: number } = {},
): Trace => ({
  site: 'page',
  visit: 1,
  path: 'client.wg0',
  failure: null,
  start: 0,
  times: sizes.map((_, index) => index * step),
  sizes,
  ...more,
});
