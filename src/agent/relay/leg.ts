// One of a session's two sockets, as its courier uses it.
import type { Side } from '../../wire/protocol/contract.ts';

export interface Leg {
  readonly side: Side;
  /** -1 while there is none. */
  readonly fd: number;
  /** Bytes that wait to be sent. */
  readonly waiting: number;
  /** Something is there to be read, as far as is known. */
  readonly isReadable: boolean;
  /** Why it broke; null while it has not. */
  readonly failure: string | null;
  /** It has been reset, or all that was to be sent before its end has been sent. */
  readonly isDone: boolean;
  /** It has been read to its end: nothing more comes. */
  readonly hasEnded: boolean;
  /** Notes what epoll has told of it. */
  note(events: number): void;
  /** How many bytes lie in `buffer`, `LEG.nothing` or `LEG.end`. */
  read(buffer: Uint8Array): number;
  /** Sends at once what can be, and keeps a copy of the rest. */
  write(bytes: Uint8Array): void;
  /** Sends what waits; whether any of it went. */
  flush(): boolean;
  /** FIN after what was written, at the latest by `settle`. */
  end(): void;
  /** Sends the FIN that was left to the closing of a leg whose peer has ended too: it is not closed yet. */
  settle(): void;
  /** RST, when it is closed. What waits is forgotten. */
  reset(): void;
}

/** What `read` gives in place of a number of bytes. */
export const LEG = { nothing: -1, end: -2 } as const;
