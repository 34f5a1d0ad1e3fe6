// One conversation of a capture, and what was done to it. Captures have millions of them, most of which nobody asks about: its words are made
// when they are asked for.
import { formatIp } from '../base/addresses.ts';
import { writeU32 } from '../wire/bytes.ts';
import { IP_PROTOCOL } from '../wire/ip-protocol.ts';
import type { FlowAct } from './act.ts';

/** Where the addresses begin in a key of `flow-index.ts`. */
const LOW_ADDRESS = 2;
const HIGH_ADDRESS = 3;

export interface FlowSums {
  /** In order of appearance, from 1. */
  readonly number: number;
  readonly firstFrame: number;
  readonly lastFrame: number;
  readonly packets: number;
  /** Of IP packets. */
  readonly bytes: number;
  readonly dropped: number;
  /** Delayed, rewritten or held. */
  readonly altered: number;
  readonly injected: number;
}

export class FlowRecord implements FlowSums {
  readonly number: number;
  readonly firstFrame: number;
  readonly lastFrame: number;
  readonly packets: number;
  readonly bytes: number;
  readonly dropped: number;
  readonly altered: number;
  readonly injected: number;
  /** What rules did to it, each once; no more than a few. */
  readonly acts: readonly FlowAct[];
  readonly #key: readonly number[];
  /** Whether the client is the end that comes first in the key. */
  readonly #isClientLow: boolean;

  constructor(
    key: readonly number[],
    isClientLow: boolean,
    sums: FlowSums,
    acts: readonly FlowAct[],
  ) {
    this.#key = key;
    this.#isClientLow = isClientLow;
    this.number = sums.number;
    this.firstFrame = sums.firstFrame;
    this.lastFrame = sums.lastFrame;
    this.packets = sums.packets;
    this.bytes = sums.bytes;
    this.dropped = sums.dropped;
    this.altered = sums.altered;
    this.injected = sums.injected;
    this.acts = acts;
  }

  get protocol(): 'tcp' | 'udp' | 'icmp' | 'other' {
    switch (this.#word(0) & 0xff) {
      case IP_PROTOCOL.tcp:
        return 'tcp';
      case IP_PROTOCOL.udp:
        return 'udp';
      case IP_PROTOCOL.icmp:
      case IP_PROTOCOL.icmpv6:
        return 'icmp';
      default:
        return 'other';
    }
  }

  get client(): string {
    return this.#address(this.#isClientLow);
  }

  get server(): string {
    return this.#address(!this.#isClientLow);
  }

  /** 0 without ports. */
  get clientPort(): number {
    return this.#port(this.#isClientLow);
  }

  get serverPort(): number {
    return this.#port(!this.#isClientLow);
  }

  /** Whether anything was done to it. */
  get isTouched(): boolean {
    return this.acts.length > 0 || this.dropped > 0 || this.altered > 0 || this.injected > 0;
  }

  #address(isLow: boolean): string {
    const from = isLow ? LOW_ADDRESS : HIGH_ADDRESS;
    const family = this.#word(0) >>> 8 === 6 ? 6 : 4;
    const bytes = new Uint8Array(family === 6 ? 16 : 4);
    for (let at = 0; at < bytes.length; at += 4) writeU32(bytes, at, this.#word(from + at / 2));
    return formatIp({ family, bytes });
  }

  #port(isLow: boolean): number {
    const ports = this.#word(1);
    return isLow ? ports >>> 16 : ports & 0xffff;
  }

  #word(at: number): number {
    return this.#key[at] ?? 0;
  }
}
