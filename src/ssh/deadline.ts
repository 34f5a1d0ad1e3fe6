// A bound on how long something may take, which stands still while a person is asked.

export interface Deadline {
  /** Aborts with the reason when the time is over or the outer signal aborts. */
  readonly signal: AbortSignal;
  /** The time until `waiting` settles does not count. */
  hold<T>(waiting: Promise<T>): Promise<T>;
  clear(): void;
}

/** `late` makes the reason when `ms` milliseconds are over. */
export function startDeadline(
  ms: number,
  late: () => Error,
  outer: AbortSignal | undefined,
): Deadline {
  const controller = new AbortController();
  const abort = (): void => controller.abort(outer?.reason);
  let left = ms;
  let startedAt = 0;
  let holds = 0;
  let timer: NodeJS.Timeout | undefined;
  const run = (): void => {
    startedAt = performance.now();
    timer = setTimeout(() => controller.abort(late()), Math.max(left, 0));
  };
  const stop = (): void => {
    clearTimeout(timer);
    left -= performance.now() - startedAt;
  };
  run();
  outer?.addEventListener('abort', abort, { once: true });
  if (outer?.aborted === true) abort();
  let isOver = false;
  return {
    signal: controller.signal,
    hold: async (waiting) => {
      if (holds === 0) stop();
      holds += 1;
      try {
        return await waiting;
      } finally {
        holds -= 1;
        if (holds === 0 && !isOver) run();
      }
    },
    clear: () => {
      isOver = true;
      clearTimeout(timer);
      outer?.removeEventListener('abort', abort);
    },
  };
}
