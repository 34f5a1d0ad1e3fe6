import { Fault } from '../base/fault.ts';

/** Bounds the pauses of work that tells how far it is. */
export interface Silence {
  /** Something was heard. */
  broken(): void;
  /** Waits for `work`; rejects with a fault once nothing was heard for `limit` milliseconds. */
  within<T>(limit: number, what: string, work: Promise<T>): Promise<T>;
}

export function listenForSilence(): Silence {
  let alarm: NodeJS.Timeout | undefined;
  return {
    broken: () => alarm?.refresh(),
    within: async (limit, what, work) => {
      const silent = new Promise<never>((_, reject) => {
        alarm = setTimeout(() => {
          reject(
            new Fault('run', `${what} told nothing for ${limit / 60_000} minutes`, {
              help: 'See what the engine does, as with "docker ps" and its own log, and run it again',
            }),
          );
        }, limit);
      });
      try {
        return await Promise.race([work, silent]);
      } finally {
        clearTimeout(alarm);
        alarm = undefined;
      }
    },
  };
}
