// An agent that runs, on this machine or another: its streams, its end.
import type { Readable, Writable } from 'node:stream';

export interface AgentProcess {
  /** Requests go in here; its end, before the agent is told to stay, takes the lab down. */
  readonly input: Writable;
  readonly output: Readable;
  /** What it writes beside the conversation. */
  readonly log: Readable;
  /** Settles when nothing of it runs any more and its last words were read. */
  readonly ended: Promise<AgentEnd>;
  /** Ends it at once, and with it all that runs in the lab. */
  kill(): void;
  /** Of an agent that was told to stay: lets go of it, so that this process can end. */
  release(): Promise<void>;
}

export interface AgentEnd {
  readonly reason: string;
  /** Whether a signal ended it, or the way to it was lost for good: not its own doing. */
  readonly wasKilled: boolean;
  /** The way to it was lost: something of it may run until it takes itself down. */
  readonly isUnknown?: true;
}
