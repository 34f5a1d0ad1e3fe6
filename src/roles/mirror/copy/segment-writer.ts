// The packets of one copy: what is the same in all of them, and their options.
import type { Random } from '../../../base/random.ts';
import { buildTcp } from '../../../wire/build.ts';
import { writeU32 } from '../../../wire/bytes.ts';
import {
  TCP_OPTION,
  type TcpOptionSpec,
  type TcpOptionValues,
  type TcpTimestamps,
  emitTcpOptions,
} from '../../../wire/tcp-options.ts';
import type { TcpEnds } from '../../endpoint/tcp/packets.ts';

const NOTHING = new Uint8Array(0);
/** All that fits into the field, scaled as the SYN says: answers are thrown away, so that there is always room. */
const OWN_WINDOW = 0xffff;
/** Timestamps behind two bytes that align them, as Linux writes them; where the value lies in that. */
const STAMPS_LENGTH = 12;
const STAMP_VALUE = 4;

/** What changes from segment to segment. */
export interface CopySegment {
  readonly sequence: number;
  readonly acknowledgment: number;
  readonly flags: number;
  readonly payload: Uint8Array;
}

export class SegmentWriter {
  readonly #ends: TcpEnds;
  readonly #stamps = new Uint8Array(STAMPS_LENGTH);
  #nextId: number;

  constructor(ends: TcpEnds, random: Random) {
    this.#ends = ends;
    this.#nextId = random.below(2 ** 16);
    this.#stamps.set([TCP_OPTION.noOperation, TCP_OPTION.noOperation, TCP_OPTION.timestamps, 10]);
  }

  /** `stamps`: null where there are none. */
  write(segment: CopySegment, stamps: TcpTimestamps | null): Uint8Array {
    return this.#build(segment, stamps === null ? NOTHING : this.#stamp(stamps));
  }

  /** With the offer that a SYN makes, whose timestamp is now `value`. */
  writeOffer(segment: CopySegment, offer: TcpOptionValues, value: number): Uint8Array {
    const { maximumSegmentSize, windowScale, sackPermitted, timestamps } = offer;
    const options: TcpOptionSpec[] = [];
    if (maximumSegmentSize !== null)
      options.push({ kind: 'maximum-segment-size', size: maximumSegmentSize });
    if (sackPermitted) options.push({ kind: 'sack-permitted' });
    if (timestamps !== null) options.push({ kind: 'timestamps', value, echo: 0 });
    if (windowScale !== null)
      options.push({ kind: 'no-operation' }, { kind: 'window-scale', shift: windowScale });
    return this.#build(segment, emitTcpOptions(options));
  }

  /** The largest payload of a segment where the peer takes `announced` and the way `mtu`. */
  payloadLimit(announced: number, mtu: number, hasStamps: boolean): number {
    const headers = this.#ends.source.family === 4 ? 40 : 60;
    const options = hasStamps ? STAMPS_LENGTH : 0;
    return Math.max(1, Math.min(announced, mtu - headers) - options);
  }

  /** In place: `emitTcpOptions` cost a fifth of a segment. */
  #stamp({ value, echo }: TcpTimestamps): Uint8Array {
    writeU32(this.#stamps, STAMP_VALUE, value);
    writeU32(this.#stamps, STAMP_VALUE + 4, echo);
    return this.#stamps;
  }

  #build(
    { sequence, acknowledgment, flags, payload }: CopySegment,
    options: Uint8Array,
  ): Uint8Array {
    const { source, destination, sourcePort, destinationPort } = this.#ends;
    this.#nextId = (this.#nextId + 1) & 0xffff;
    // One literal, as in roles/endpoint/tcp/packets.ts: spreading costs more than building.
    return buildTcp({
      source,
      destination,
      sourcePort,
      destinationPort,
      sequence,
      acknowledgment,
      flags,
      options,
      payload,
      window: OWN_WINDOW,
      id: this.#nextId,
    });
  }
}
