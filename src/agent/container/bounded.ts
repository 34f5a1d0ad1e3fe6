import { LONGEST_TIMER } from '../../base/units.ts';

/** Settles as `work` does, or with what `late` gives when that takes longer than `limitMs`. */
export async function within<T>(work: Promise<T>, limitMs: number, late: () => T): Promise<T> {
  let timer: NodeJS.Timeout | undefined;
  const limit = new Promise<'late'>((resolve) => {
    timer = setTimeout(() => resolve('late'), Math.min(limitMs, LONGEST_TIMER));
  });
  // Whoever comes second has nobody to tell.
  work.catch(() => undefined);
  try {
    const first = await Promise.race([work.then((value) => ({ value })), limit]);
    return first === 'late' ? late() : first.value;
  } finally {
    clearTimeout(timer);
  }
}
