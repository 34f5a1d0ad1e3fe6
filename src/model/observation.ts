// What an endpoint saw, in the words of OONI's data formats.
import type { PartyReport } from './script.ts';

/** One attempt of one flow, as its starting node saw it. */
export interface Observation {
  readonly flow: string;
  /** 1 for the first. */
  readonly attempt: number;
  readonly node: string;
  readonly probe: 'tcp' | 'udp' | 'http' | 'tls' | 'dns' | 'run' | 'script';
  /** OONI failure string (df-007-errors); null is success. */
  readonly failure: string | null;
  /** The operation that failed: `connect`, `tls_handshake`, `read`, …; null on success. */
  readonly operation: string | null;
  /** Start and end in microseconds since the epoch. */
  readonly start: number;
  readonly end: number;
  /** The five-tuple used, as the socket had it; absent for `run` and when nothing was sent. */
  readonly fiveTuple?: FiveTuple;
  /** Milliseconds since `start`, by name: `connect`, `tls_handshake`, `first_byte`, `done`, `response`. */
  readonly timings: Readonly<Record<string, number>>;
  /** Bytes of payload received. */
  readonly received: number;
  /** Bytes of payload sent, of scripts. */
  readonly sent?: number;
  readonly status?: number;
  readonly answers?: readonly string[];
  readonly exitCode?: number;
  /** The first bytes of an HTTP body, as text. */
  readonly bodyStart?: string;
  /** A human sentence where the failure string alone says too little (system error text, certificate fault). */
  readonly detail?: string;
  /** Of a script: what each of its parties saw. */
  readonly parties?: readonly PartyReport[];
}

export interface FiveTuple {
  readonly protocol: 'tcp' | 'udp';
  /** The side that started: source address and port of the first packet. */
  readonly source: string;
  readonly sourcePort: number;
  readonly destination: string;
  readonly destinationPort: number;
}
