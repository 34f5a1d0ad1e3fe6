// Whatever may cut a run off, as one promise that every wait of the run is raced against.
import { Interrupted, type Interrupts } from './interrupt.ts';
import type { AgentFault } from '../model/rpc.ts';
import { Fault } from '../base/fault.ts';

export interface Cut {
  /** Waits for `work`, unless the run is cut off before: then rejects with the Fault or Interrupted. */
  readonly guard: <T>(work: Promise<T>) => Promise<T>;
  /** The run broke; only the first reason counts. */
  readonly breakWith: (fault: Fault) => void;
}

export function watchForCut(interrupts: Interrupts): Cut {
  let cutOff: (reason: Error) => void = () => undefined;
  const cut = new Promise<never>((_, reject) => (cutOff = reject));
  // A cut between two waits must not count as an unhandled rejection; the next wait sees it.
  cut.catch(() => undefined);
  const stop = (): void =>
    cutOff(new Interrupted(`Interrupted by ${interrupts.received ?? 'a signal'}`));
  if (interrupts.stopping.aborted) stop();
  interrupts.stopping.addEventListener('abort', stop, { once: true });
  return { guard: (work) => Promise.race([cut, work]), breakWith: (fault) => cutOff(fault) };
}

/** A bug of ours keeps its stack as the cause; everything else that is thrown is a Fault already. */
export function asFault(error: unknown): Fault {
  if (error instanceof Fault) return error;
  const message = error instanceof Error ? error.message : String(error);
  return new Fault('run', message, { cause: error });
}

/** A fault that the agent told of. */
export const faultOf = ({ kind, message, help }: AgentFault): Fault =>
  new Fault(kind, message, { help });

/** Waits for `work` at most `limit` milliseconds, and not past `hurry`; undefined when it took longer or failed. */
export async function attemptWithin<T>(
  work: Promise<T>,
  limit: number,
  hurry?: AbortSignal,
): Promise<T | undefined> {
  const settled = work.catch(() => undefined);
  if (hurry?.aborted) return undefined;
  let giveUp: () => void = () => undefined;
  const late = new Promise<undefined>((resolve) => {
    giveUp = () => resolve(undefined);
  });
  const alarm = setTimeout(giveUp, limit);
  hurry?.addEventListener('abort', giveUp, { once: true });
  try {
    return await Promise.race([settled, late]);
  } finally {
    clearTimeout(alarm);
    hurry?.removeEventListener('abort', giveUp);
  }
}
