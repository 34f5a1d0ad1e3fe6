// What a connection sends, and what a script may wish for a segment of its own.
import type { TcpSpec } from '../../../wire/build.ts';

/** A segment without its ends, ready for `packetsOf`. */
export interface TcpSegment extends Omit<
  TcpSpec,
  'source' | 'destination' | 'sourcePort' | 'destinationPort'
> {
  readonly acknowledgment: number;
  /** As in the header, not scaled. */
  readonly window: number;
  readonly options: Uint8Array;
  /** A view of what `send` or `craft` was given. */
  readonly payload: Uint8Array;
  /** How many bytes each IP fragment carries but the last; not fragmented unless given. */
  readonly fragments?: readonly number[] | undefined;
  readonly origin: SegmentOrigin;
}

/** Who wished the segment: the script, or the stack for the first or another time. */
export type SegmentOrigin = 'script' | 'stack' | 'retransmission';

/**
 * A sequence number: as it is, or so far from the next one (for a sequence, the next to send; for an acknowledgment, the next
 * expected), or so far from the initial one of that direction.
 */
export type SequenceReference =
  | { readonly kind: 'absolute'; readonly value: number }
  | { readonly kind: 'next'; readonly offset: number }
  | { readonly kind: 'initial'; readonly offset: number };

/** A segment of the script's. What it leaves out is what the stack would send now. */
export interface CraftSpec extends Loose<
  Omit<TcpSegment, 'sequence' | 'acknowledgment' | 'origin'>
> {
  readonly sequence?: SequenceReference | undefined;
  readonly acknowledgment?: SequenceReference | undefined;
  /** Whether the peer's TCP will get it. By default not when a checksum is wrong, a TTL too low or a fragment alone. */
  readonly arrives?: boolean | undefined;
  /** Whether it is sent again when nothing acknowledges it; true unless given, for one that arrives. */
  readonly retransmit?: boolean | undefined;
}

/** With any field left out, or undefined. */
export type Loose<T> = { readonly [Field in keyof T]?: T[Field] | undefined };
