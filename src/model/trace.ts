// What somebody who watches one path sees of one visit: sizes, directions and times of packets, and nothing of what they say.

export interface Trace {
  /** What was visited: of a page its host and path, else the name of the flow. Traces of one site are told from those of the others. */
  readonly site: string;
  /** From 1, of each site. */
  readonly visit: number;
  /** Where it was watched: `client.inside`; of one that was split, `client.inside.2`. */
  readonly path: string;
  /** OONI failure string of the visit; null is success. */
  readonly failure: string | null;
  /** Microseconds since the epoch, of the first packet. */
  readonly start: number;
  /** Microseconds since `start`, one a packet, in order. */
  readonly times: readonly number[];
  /** Bytes of each IP packet, header included: above 0 from the client, below 0 to it. */
  readonly sizes: readonly number[];
}

export interface TraceTotals {
  readonly packetsOut: number;
  readonly packetsIn: number;
  /** Bytes of IP packets. */
  readonly bytesOut: number;
  readonly bytesIn: number;
  /** Microseconds from the first packet to the last. */
  readonly duration: number;
}

export function totalsOf({ times, sizes }: Pick<Trace, 'times' | 'sizes'>): TraceTotals {
  const sum = (pick: (size: number) => number): number =>
    sizes.reduce((total, size) => total + pick(size), 0);
  return {
    packetsOut: sum((size) => (size > 0 ? 1 : 0)),
    packetsIn: sum((size) => (size < 0 ? 1 : 0)),
    bytesOut: sum((size) => Math.max(size, 0)),
    bytesIn: sum((size) => Math.max(-size, 0)),
    duration: times.at(-1) ?? 0,
  };
}
