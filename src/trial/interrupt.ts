export type StopSignal = 'SIGINT' | 'SIGTERM' | 'SIGHUP';

/** The person's wish to stop. The first signal asks to collect and take down; the second to kill the lab at once. */
export interface Interrupts {
  readonly stopping: AbortSignal;
  readonly killing: AbortSignal;
  /** The first signal that came; null while none has. */
  readonly received: StopSignal | null;
  /** Gives the signals back to Node. */
  release(): void;
}

const SIGNALS: readonly StopSignal[] = ['SIGINT', 'SIGTERM', 'SIGHUP'];

/** Listens until released. `source` is the process, or what stands for it. */
export function listenForInterrupts(source: NodeJS.EventEmitter = process): Interrupts {
  const stopping = new AbortController();
  const killing = new AbortController();
  let received: StopSignal | null = null;
  const listener = (signal: StopSignal): void => {
    const wish = received === null ? stopping : killing;
    received ??= signal;
    wish.abort();
  };
  for (const signal of SIGNALS) source.on(signal, listener);
  return {
    stopping: stopping.signal,
    killing: killing.signal,
    get received() {
      return received;
    },
    release: () => {
      for (const signal of SIGNALS) source.off(signal, listener);
    },
  };
}

/** Thrown where a run stops because a signal came. */
export class Interrupted extends Error {
  override readonly name = 'Interrupted';
}
