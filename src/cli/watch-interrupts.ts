// What ends a verb that goes on until somebody ends it.
import { constants } from 'node:os';

export interface Interruption {
  /** 128 and the signal's number, as shells count. */
  readonly code: number;
  readonly isInterrupted: true;
}

export interface InterruptWatch {
  readonly outcome: Promise<Interruption>;
  readonly release: () => void;
}

/**
 * Signals that a terminal in raw mode does not turn into keys, caught so that things can be given back first; and a reader of
 * our output that went away, which a program of this machine would learn by SIGPIPE.
 */
export function watchInterrupts(): InterruptWatch {
  const signals = ['SIGINT', 'SIGTERM', 'SIGHUP', 'SIGQUIT'] as const;
  let end: (outcome: Interruption) => void = () => undefined;
  const outcome = new Promise<Interruption>((resolve) => (end = resolve));
  const listener = (signal: NodeJS.Signals): void =>
    end({ code: 128 + constants.signals[signal], isInterrupted: true });
  const lost = (): void => listener('SIGPIPE');
  for (const signal of signals) process.on(signal, listener);
  process.stdout.on('error', lost);
  return {
    outcome,
    release: () => {
      for (const signal of signals) process.off(signal, listener);
      process.stdout.off('error', lost);
    },
  };
}
