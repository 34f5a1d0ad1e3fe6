// What is waited for no longer when a signal aborts.
import { setTimeout as sleep } from 'node:timers/promises';

/** Rejects with the signal's reason when it aborts first; what was waited for goes on unheard. */
export async function withSignal<T>(
  waiting: Promise<T>,
  signal: AbortSignal | undefined,
): Promise<T> {
  if (!signal) return waiting;
  waiting.catch(() => undefined);
  signal.throwIfAborted();
  let stop = (): void => undefined;
  const aborted = new Promise<never>((_, reject) => {
    stop = () => reject(reasonOf(signal));
    signal.addEventListener('abort', stop, { once: true });
  });
  try {
    return await Promise.race([waiting, aborted]);
  } finally {
    signal.removeEventListener('abort', stop);
  }
}

/** Resolves after `ms` milliseconds, or rejects with the signal's reason. */
export const pauseFor = (ms: number, signal: AbortSignal): Promise<void> =>
  withSignal(sleep(ms, undefined), signal);

const reasonOf = ({ reason }: AbortSignal): Error =>
  reason instanceof Error ? reason : new Error(String(reason));
