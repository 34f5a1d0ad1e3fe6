// Notices that the way to a keeper is lost, and finds a new one until the dead-man time is over.
import { setTimeout as sleep } from 'node:timers/promises';
import type { AgentEnd } from '../agent-process.ts';
import type { KeeperGreeting } from './keeper-protocol.ts';
import { BEAT_MS, type Link } from './link.ts';

export interface RecoveryOptions {
  readonly machine: string;
  /** Milliseconds. */
  readonly deadMan: number;
  readonly link: Link;
  /** Tries once to get back to the keeper; the link is attached when it greets as `attached`. */
  readonly attach: () => Promise<KeeperGreeting>;
  readonly onNotice: (text: string) => void;
  /** There is no way back. */
  readonly onOver: (end: AgentEnd) => void;
}

export interface Recovery {
  /** The connection is `lost` or, though it seems to be there, `silent`. */
  begin(what: 'lost' | 'silent'): void;
  stop(): void;
}

/** Milliseconds without a sign of life after which another connection is tried, beside the old one. */
const SILENCE_MS = 5000;
/** Milliseconds from one try to the next. */
const PAUSE_MS = 500;
/** A connection that is lost again sooner, in milliseconds, was none: the time in which there is none goes on. */
const SETTLE_MS = 2000;

export function createRecovery(options: RecoveryOptions): Recovery {
  const { machine, deadMan, link, onNotice } = options;
  // An object, since it changes behind the compiler's back.
  const state = { isStopped: false, isTrying: false, begunAt: 0, backAt: -Infinity };
  const isStopped = (): boolean => state.isStopped;
  const silenceLimit = Math.min(SILENCE_MS, deadMan / 2);
  const watch = setInterval(
    () => {
      if (link.silence() > silenceLimit) begin('silent');
    },
    Math.min(BEAT_MS, silenceLimit / 2),
  );

  return {
    begin,
    stop: () => {
      state.isStopped = true;
      clearInterval(watch);
    },
  };

  function begin(what: 'lost' | 'silent'): void {
    if (isStopped() || state.isTrying) return;
    state.isTrying = true;
    void recover(what).finally(() => {
      state.isTrying = false;
    });
  }

  async function recover(what: 'lost' | 'silent'): Promise<void> {
    const isRelapse = performance.now() - state.backAt < SETTLE_MS;
    if (!isRelapse) state.begunAt = performance.now() - link.silence();
    const gone = (): number => performance.now() - state.begunAt;
    let isTold = false;
    let reason = '';
    if (isRelapse) await sleep(PAUSE_MS);
    for (;;) {
      const outcome = gone() > deadMan ? 'again' : await tryOnce();
      if (isStopped()) return;
      if (outcome === 'back' || isAlive(what)) break;
      if (outcome !== 'again') {
        options.onOver(outcome);
        return;
      }
      if (!isTold) {
        isTold = true;
        onNotice(
          `The connection to machine "${machine}" is lost (${reason}): trying again for ${seconds(deadMan - gone())}`,
        );
      }
      if (gone() > deadMan) {
        options.onOver({
          reason: `its connection was lost for ${seconds(gone())}, longer than the dead-man time of ${seconds(deadMan)}, after which it takes itself down (${reason})`,
          wasKilled: true,
          isUnknown: true,
        });
        return;
      }
      await sleep(PAUSE_MS);
      if (isStopped()) return;
    }
    state.backAt = performance.now();
    if (isTold) onNotice(`The connection to machine "${machine}" is back after ${seconds(gone())}`);

    async function tryOnce(): Promise<AgentEnd | 'back' | 'again'> {
      try {
        // A connection that hangs is no better than none: the next is tried when the dead-man time is over at the latest.
        const late = sleep(Math.max(PAUSE_MS, deadMan - gone()), undefined, { ref: false });
        const greeting = await Promise.race([options.attach(), late]);
        if (!greeting) return 'again';
        if (!('reason' in greeting)) return 'back';
        if (greeting.kind === 'gone')
          return {
            reason: `its keeper was killed, and with it the lab there (${greeting.reason})`,
            wasKilled: true,
          };
        reason = greeting.reason;
        return 'again';
      } catch (error) {
        reason = error instanceof Error ? error.message : String(error);
        return 'again';
      }
    }
  }

  /** The old connection was only silent and speaks again. */
  function isAlive(what: 'lost' | 'silent'): boolean {
    return what === 'silent' && link.isOpen() && link.silence() < silenceLimit;
  }
}

const seconds = (millis: number): string => `${(Math.max(0, millis) / 1000).toFixed(1)} s`;
