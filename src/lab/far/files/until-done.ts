// A transfer that a lost connection broke off is taken up again, within bounds.
import { setTimeout as sleep } from 'node:timers/promises';
import type { SshChannel } from '../../../ssh/ssh.ts';
import type { FarMachine } from '../far-machine.ts';

/** How one connection's part of a transfer ended. */
export type Passage<T> =
  | { readonly kind: 'done'; readonly value: T }
  /** `hasCome`: something came that need not come again. */
  | { readonly kind: 'lost'; readonly words: string; readonly hasCome: boolean };

/** The connection is lost and does not come back: what was heard last. */
export interface GivenUp {
  readonly kind: 'given up';
  readonly words: string;
  readonly cause: unknown;
}

export interface Patience {
  readonly signal?: AbortSignal | undefined;
  /** How often the connection may be lost in a row. */
  readonly mostLost: number;
  /** Milliseconds in which no program can be started there, after which the machine counts as gone for good. */
  readonly away?: number | undefined;
  /** Milliseconds from one try to the next. */
  readonly pause?: number | undefined;
}

/** As long as a machine waits for us unless its scenario says otherwise. */
const AWAY_MS = 60_000;
const PAUSE_MS = 500;

/** Starts a program there and has `use` do its part; again and again while the connection is lost. */
export async function untilDone<T>(
  far: FarMachine,
  argv: () => readonly string[],
  use: (channel: SshChannel) => Promise<Passage<T>>,
  { signal, mostLost, away = AWAY_MS, pause = PAUSE_MS }: Patience,
): Promise<Exclude<Passage<T>, { kind: 'lost' }> | GivenUp> {
  let lost = 0;
  let lastThere = performance.now();
  for (;;) {
    const channel = await start(far, argv(), signal).catch((error: unknown) => {
      signal?.throwIfAborted();
      if (performance.now() - lastThere <= away) return null;
      return { kind: 'given up', words: messageOf(error), cause: error } as const;
    });
    if (channel !== null) {
      if ('kind' in channel) return channel;
      const passage = await use(channel);
      if (passage.kind === 'done') return passage;
      lastThere = performance.now();
      lost = passage.hasCome ? 1 : lost + 1;
      if (lost > mostLost) return { kind: 'given up', words: passage.words, cause: undefined };
    }
    await sleep(pause, undefined, signal && { signal }).catch(() => signal?.throwIfAborted());
  }
}

/** A connection may take its time to come back; who does not want to wait any more does not have to. */
async function start(
  far: FarMachine,
  argv: readonly string[],
  signal: AbortSignal | undefined,
): Promise<SshChannel> {
  signal?.throwIfAborted();
  const starting = far.run(argv);
  if (!signal) return starting;
  return new Promise((resolve, reject) => {
    const leave = (): void => {
      reject(new Error('It is no longer wanted'));
      starting.then(
        (channel) => channel.close(),
        () => undefined,
      );
    };
    signal.addEventListener('abort', leave, { once: true });
    starting.then(resolve, reject).finally(() => signal.removeEventListener('abort', leave));
  });
}

const messageOf = (error: unknown): string =>
  error instanceof Error ? error.message : String(error);
