/** Settles as `work` does, or with what `late` gives when that takes longer than `limitMs`. */
export async function within<T>(work: Promise<T>, limitMs: number, late: () => T): Promise<T> {
  let timer: NodeJS.Timeout | undefined;
  const limit = new Promise<'late'>((resolve) => {
    timer = setTimeout(() => resolve('late'), Math.min(limitMs, TIMER_LIMIT));
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

/** The longest time that a Node timer keeps; beyond it, it fires at once. */
const TIMER_LIMIT = 2 ** 31 - 1;
