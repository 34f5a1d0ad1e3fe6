// One conversation of a capture, and what was done to it. Captures have millions of them, most of which nobody asks about: its words are made
// when they are asked for.
import { formatIp } from '../base/addresses.ts';
import { writeU32 } from '../wire/bytes.ts';
import { IP_PROTOCOL } from '../wire/ip-protocol.ts';
import type { FlowAct } from './act.ts';

/** Signed 32-bit words of a key: family and protocol, both ports, and both addresses, a word of one and a word of the other in turn. */
export const KEY_WORDS = { v4: 4, v6: 10 } as const;
const LOW_ADDRESS = 2;
const HIGH_ADDRESS = 3;

const NO_ACTS: readonly FlowAct[] = [];
/** Acts that are noted of one flow. */
const ACTS_NOTED = 16;

export class FlowRecord {
  /** In order of appearance, from 1. */
  readonly number: number;
  readonly key: readonly number[];
  /** Whether the client is the end that comes first in the key. */
  readonly isClientLow: boolean;
  readonly firstFrame: number;
  lastFrame: number;
  packets = 0;
  /** Of IP packets. */
  bytes = 0;
  dropped = 0;
  /** Delayed, rewritten or held. */
  altered = 0;
  injected = 0;
  /** What rules did to it, each once; no more than a few. */
  acts: readonly FlowAct[] = NO_ACTS;

  constructor(number: number, key: readonly number[], isClientLow: boolean, frame: number) {
    this.number = number;
    this.key = key;
    this.isClientLow = isClientLow;
    this.firstFrame = frame;
    this.lastFrame = frame;
  }

  get protocol(): 'tcp' | 'udp' | 'icmp' | 'other' {
    switch ((this.key[0] ?? 0) & 0xff) {
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
    return this.#address(this.isClientLow);
  }

  get server(): string {
    return this.#address(!this.isClientLow);
  }

  /** 0 without ports. */
  get clientPort(): number {
    return this.#port(this.isClientLow);
  }

  get serverPort(): number {
    return this.#port(!this.isClientLow);
  }

  /** Whether anything was done to it. */
  get isTouched(): boolean {
    return this.acts.length > 0 || this.dropped > 0 || this.altered > 0 || this.injected > 0;
  }

  /** Notes what a rule did, unless it did so before. */
  note(act: FlowAct): void {
    const isKnown = this.acts.some(
      ({ rule, action }) => rule === act.rule && action === act.action,
    );
    if (!isKnown && this.acts.length < ACTS_NOTED) this.acts = [...this.acts, act];
  }

  #address(isLow: boolean): string {
    const from = isLow ? LOW_ADDRESS : HIGH_ADDRESS;
    const family = (this.key[0] ?? 0) >>> 8 === 6 ? 6 : 4;
    const bytes = new Uint8Array(family === 6 ? 16 : 4);
    for (let at = 0; at < bytes.length; at += 4) writeU32(bytes, at, this.key[from + at / 2] ?? 0);
    return formatIp({ family, bytes });
  }

  #port(isLow: boolean): number {
    const ports = this.key[1] ?? 0;
    return isLow ? ports >>> 16 : ports & 0xffff;
  }
}
