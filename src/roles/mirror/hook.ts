// What may stand between what a client says and what its copy says: sessions that no server would accept as they are, because the online
// server's words are part of them. docs/mirror.md has the contract in words.

/** One a copy. It is given bytes in order; what it does not say to the target is not said. */
export interface MirrorHook {
  /** Bytes that the client said when it had so many bytes of the online server's answers; a view until the call returns. */
  fromClient(bytes: Uint8Array, answered: number): void;
  /** Bytes that the target answered, as long as `listens`; a view until the call returns. */
  fromTarget(bytes: Uint8Array): void;
  /** Whether it still wants the target's bytes: where it does, and they were not kept, it fails. */
  readonly listens: boolean;
  /** Bytes of the client that it has neither said, nor replaced, nor decided to leave out. */
  readonly holding: number;
}

export interface HookOutput {
  /** To be said to the target; the output copies it. `answered`: as `fromClient` had it, or 0 for what waits for no answer. */
  say(bytes: Uint8Array, answered: number): void;
  /** The copy cannot go on: it is reset at the target, and told with this reason. */
  fail(reason: string): void;
}

export type MakeHook = (output: HookOutput) => MirrorHook;
