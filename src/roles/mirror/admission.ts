// Which sessions are copied: those of the clients that the plan says, a share of them by the seed, more and more of that share while it
// grows. What is decided about a session holds until it begins anew.
import {
  type IpAddress,
  type IpPrefix,
  parsePrefix,
  prefixContains,
} from '../../base/addresses.ts';
import { invariant } from '../../base/invariant.ts';
import type { RefusalCause } from '../../model/mirror-record.ts';
import type { MirrorSpec } from '../../model/mirror.ts';
import { readI32 } from '../../wire/bytes.ts';

const NUMBERS = 2 ** 32;

/** The ends of a session, as its first packet or connection has them. */
export interface Newcomer {
  readonly source: IpAddress;
  readonly sourcePort: number;
  readonly destinationPort: number;
}

export class Admission {
  readonly #spec: Pick<MirrorSpec, 'sample' | 'ramp' | 'fullSessions'>;
  readonly #clients: readonly IpPrefix[];
  readonly #seed: number;
  #since: number | null = null;

  constructor(
    spec: Pick<MirrorSpec, 'clients' | 'sample' | 'ramp' | 'fullSessions'>,
    seed: number,
  ) {
    this.#spec = spec;
    this.#seed = seed | 0;
    this.#clients = spec.clients.map((text) => {
      const prefix = parsePrefix(text);
      invariant(prefix.ok, 'a plan has prefixes where it says so');
      return prefix.value;
    });
  }

  /** About a session of which this is the first packet that was seen; null: it is copied. */
  refuse(newcomer: Newcomer, isBeginning: boolean, now: number): RefusalCause | null {
    this.#since ??= now;
    if (!this.#isClient(newcomer)) return 'not-a-client';
    if (this.#spec.fullSessions && !isBeginning) return 'not-from-its-beginning';
    const { sample, ramp } = this.#spec;
    const grown = ramp === 0 ? 1 : Math.min(1, (now - this.#since) / (ramp * 1000));
    return draw(newcomer, this.#seed) < sample * grown ? null : 'not-sampled';
  }

  #isClient({ source }: Newcomer): boolean {
    if (this.#clients.length === 0) return true;
    return this.#clients.some((prefix) => prefixContains(prefix, source));
  }
}

/** A number in [0, 1) that belongs to the session, whichever of its packets is at hand. */
function draw({ source: { bytes }, sourcePort, destinationPort }: Newcomer, seed: number): number {
  let hash = mix(mix(seed ^ sourcePort) ^ destinationPort);
  for (let at = 0; at < bytes.length; at += 4) hash = mix(hash ^ readI32(bytes, at));
  return (hash >>> 0) / NUMBERS;
}

/** The finaliser of MurmurHash3 (Austin Appleby): each bit moves all others. */
function mix(value: number): number {
  let hash = value;
  hash = Math.imul(hash ^ (hash >>> 16), 0x85ebca6b);
  hash = Math.imul(hash ^ (hash >>> 13), 0xc2b2ae35);
  return hash ^ (hash >>> 16);
}
