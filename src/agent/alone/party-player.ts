import type { PartyReport } from '../../model/script.ts';

/** Plays one party of a script, a connection a play. Attempts are counted from 1. */
export interface PartyPlayer {
  /** Whether the next attempt can be open while one is played, so that whoever connects meanwhile waits. */
  readonly canQueue: boolean;
  /** Has the party ready: one that listens can be connected to. Throws a Fault where the machine does not let it. */
  open(attempt: number): Promise<void>;
  /** Plays what was opened; null when it was given up. One that listens begins when its peer comes. */
  run(attempt: number): Promise<PartyReport | null>;
  /** Gives up waiting for a peer, unless one has come. */
  giveUp(attempt: number): void;
  /** Ends what plays; resolves when nothing of it is left. */
  stop(): Promise<void>;
}
