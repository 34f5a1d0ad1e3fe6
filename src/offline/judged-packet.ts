// What a censor would do with the packets of a capture.
import type { Act } from './act.ts';

/**
 * `delay` and `rewrite`: goes on later, or changed. `hold`: the censor keeps it, and nothing has gone on by the time it is judged.
 */
export type Decision = 'pass' | 'drop' | 'delay' | 'rewrite' | 'hold';

/** One object serves all packets of a capture: it holds what was said of the last. */
export interface JudgedPacket {
  /** As Wireshark counts, from 1. */
  frame: number;
  /** Microseconds since the epoch, as the capture has it. */
  time: number;
  /** The number of its flow; null for what is no packet of one: no IP, unreadable, or a later fragment. */
  flow: number | null;
  decision: Decision;
  /** Packets that the censor sends because of it. */
  injected: number;
  /** Whether the capture holds only its beginning. */
  isCut: boolean;
  readonly acts: Act[];
  /** Of a packet that does not pass: the rule that did something to its flow last. */
  rule: string | null;
}

/** Sums over a capture. */
export interface OfflineCounters {
  /** Records of the capture. */
  packets: number;
  /** On the wire. */
  bytes: number;
  passed: number;
  dropped: number;
  delayed: number;
  rewritten: number;
  held: number;
  injected: number;
  /** No IP packets, which no censor here judges: they pass. */
  notIp: number;
  /** Frames of link layers that are not known. */
  unknownLink: number;
  /** Of which the capture holds only the beginning. */
  cut: number;
  flows: number;
}
