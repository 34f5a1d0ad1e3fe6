// What a player (which owns one party's program and no sockets) and a driver (which owns sockets or rings and no program)
// say to each other. Times are microseconds since the epoch.
import type {
  AckPolicy,
  CloseInstruction,
  CraftInstruction,
  IpFields,
} from '../../model/script.ts';
import type { Operation } from '../failure.ts';

/** What happens to a party. */
export type PlayEvent =
  /** Connected, accepted, bound, or ready to send raw packets. Sending needs it; the program of a listener waits for it. */
  | { readonly kind: 'open'; readonly channel: number }
  /** The next bytes of a stream, or one whole datagram. The player keeps them. */
  | { readonly kind: 'data'; readonly channel: number; readonly bytes: Uint8Array }
  /** Raw transports: each packet of the channel as it came, before what our stack makes of it. */
  | { readonly kind: 'packet'; readonly channel: number; readonly packet: PlayPacket }
  /** The peer has sent its FIN. */
  | { readonly kind: 'end'; readonly channel: number }
  | { readonly kind: 'reset'; readonly channel: number }
  /** The command that was `pending` is done: its bytes have left as asked. */
  | { readonly kind: 'sent'; readonly channel: number }
  | { readonly kind: 'failed'; readonly fault: PlayFault };

export interface PlayPacket {
  readonly protocol: number;
  /** TCP: bits of TCP_FLAG; else 0. */
  readonly flags: number;
  /** Bytes of payload. */
  readonly length: number;
  readonly sequence: number;
  readonly acknowledgment: number;
  readonly window: number;
  readonly ttl: number;
  readonly id: number;
}

export interface PlayFault {
  /** OONI failure string. */
  readonly failure: string;
  readonly operation: Operation;
  readonly detail: string;
}

/** What the player wants done. A driver answers `done` when it is, or `pending` and later tells `sent` or `failed`. */
export type PlayCommand =
  | {
      readonly kind: 'send';
      readonly channel: number;
      readonly bytes: Uint8Array;
      /** Sizes of segments that nothing else may share and that sum to the bytes; `stream`: as the stack likes. */
      readonly framing: 'stream' | readonly number[];
      readonly ip?: IpFields;
      readonly protocol?: number;
    }
  | {
      readonly kind: 'craft';
      readonly channel: number;
      readonly segment: CraftInstruction;
      readonly bytes: Uint8Array | null;
    }
  | {
      readonly kind: 'stack';
      readonly channel: number;
      readonly ack: AckPolicy | null;
      readonly retransmit: boolean | null;
    }
  | {
      readonly kind: 'close';
      readonly channel: number;
      readonly how: CloseInstruction['how'];
    };

export interface PlayDriver {
  perform(command: PlayCommand): 'done' | 'pending';
  /** What keeps the pending command from being done, for people; null when nothing does or nobody knows. */
  obstacle?(): string | null;
}

/** How a program ended. */
export interface PlayOutcome {
  readonly fault: PlayFault | null;
  /** The instruction that failed. */
  readonly step: string | null;
  readonly received: number;
  readonly sent: number;
}

/** One party's program while it is played. */
export interface Player {
  /** When `tick` is wanted, microseconds since the epoch; Infinity: only events move it. */
  readonly nextDue: number;
  /** Null while it plays. */
  readonly outcome: PlayOutcome | null;
  /** The play begins; `at` of instructions counts from here. */
  start(now: number): void;
  handle(event: PlayEvent, now: number): void;
  tick(now: number): void;
}
