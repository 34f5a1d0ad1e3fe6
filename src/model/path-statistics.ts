// How a censor keeps up with the packets that come to it.
import type { CensorStatistics } from './censor-statistics.ts';

/** Of the packet paths of the nodes that a censor is on. Numbers count from the lab's start unless they say otherwise. */
export interface PathStatistics {
  /** Packets that lay ready when the thread came to read: now, and at most. */
  readonly queue: number;
  readonly deepestQueue: number;
  /** Packets held now, to be sent later: by delays, limits and slow links of the whole lab. */
  readonly waiting: number;
  /** Microseconds of the thread's time for a packet, sending included where it is this thread that sends: half of all packets took no more than `p50`, 99 % than `p99`. */
  readonly p50: number;
  readonly p99: number;
  /** Flows that the kernel carries now, since nothing can touch them, and packets that it forwarded so; the censor counts none of these. */
  readonly carriedFlows: number;
  readonly carriedPackets: number;
}

/** A censor in the record of a run: the last that was heard of it. */
export interface CensorRecord {
  readonly name: string;
  /** The nodes that it is on. */
  readonly on: readonly string[];
  readonly statistics: CensorStatistics;
  readonly path: PathStatistics;
}
