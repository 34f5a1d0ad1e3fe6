// What an endpoint saw, in the words of OONI's data formats.
import type { PartyReport } from './script.ts';
import type { VisitOutcome } from './visit.ts';

/** One attempt of one flow, as its starting node saw it. */
export interface Observation {
  readonly flow: string;
  /** 1 for the first. */
  readonly attempt: number;
  readonly node: string;
  readonly probe:
    | 'tcp'
    | 'udp'
    | 'http'
    | 'https'
    | 'tls'
    | 'dns'
    | 'quic'
    | 'ping'
    | 'traceroute'
    | 'run'
    | 'script'
    | 'visit';
  /** OONI failure string (df-007-errors); null is success. */
  readonly failure: string | null;
  /** The operation that failed: `connect`, `tls_handshake`, `quic_handshake`, `read`, …; null on success. */
  readonly operation: string | null;
  /** Start and end in microseconds since the epoch. */
  readonly start: number;
  readonly end: number;
  /** The five-tuple used, as the socket had it; absent for `run` and when nothing was sent. */
  readonly fiveTuple?: FiveTuple;
  /** Milliseconds since `start`, by name: `connect`, `tls_handshake`, `first_byte`, `done`, `response`, `initial`. */
  readonly timings: Readonly<Record<string, number>>;
  /** Bytes of payload received. */
  readonly received: number;
  /** Bytes of payload sent, of scripts. */
  readonly sent?: number;
  readonly status?: number;
  readonly answers?: readonly string[];
  readonly exitCode?: number;
  /** Of a ping, milliseconds from each request to its reply; null where none came. */
  readonly rtts?: readonly (number | null)[];
  /** Of QUIC: what became of its paths after the handshake. Absent when they never changed. */
  readonly paths?: PathChanges;
  /** Of a traceroute, in the order of their TTLs. */
  readonly hops?: readonly Hop[];
  /** The first bytes of an HTTP body, as text. */
  readonly bodyStart?: string;
  /** A human sentence where the failure string alone says too little (system error text, certificate fault). */
  readonly detail?: string;
  /** Of a script: what each of its parties saw. */
  readonly parties?: readonly PartyReport[];
  /** Of a visit. */
  readonly visit?: VisitOutcome;
  /** What it did and when, the first of them: see `NetworkEvent`. Absent for programs. */
  readonly events?: readonly NetworkEvent[];
}

/** One thing that an attempt did, as in OONI's data format df-008. */
export interface NetworkEvent {
  /** `connect`, `read`, `tls_handshake_start`, `tls_handshake_done`, `resolve_start`, `resolve_done`, …. */
  readonly operation: string;
  /** Seconds since the attempt's start at which it began and ended. */
  readonly t0: number;
  readonly t: number;
  readonly failure: string | null;
  /** Of `read`: bytes of payload. */
  readonly bytes?: number;
}

export interface FiveTuple {
  readonly protocol: 'tcp' | 'udp';
  /** The side that started: source address and port of the first packet. */
  readonly source: string;
  readonly sourcePort: number;
  readonly destination: string;
  readonly destinationPort: number;
}

/** Changes of a QUIC connection's path, as its client could tell (RFC 9000 sections 8.2 and 9). */
export interface PathChanges {
  /**
   * The server saw the client at another address, and had it prove that it is there: how often PATH_CHALLENGE frames came, those within two round
   * trips of each other counted once. Never more than the changes that there were.
   */
  readonly challenged: number;
  /** Paths that the client itself went over to, and that proved to work. */
  readonly validated: number;
  /** Those that did not. */
  readonly failed: number;
}

/** What one TTL of a traceroute met. */
export interface Hop {
  /** The TTL or hop limit that the probe left with. */
  readonly ttl: number;
  /** All that came back, in order; empty for none. */
  readonly answers: readonly HopAnswer[];
}

export interface HopAnswer {
  /** `time-exceeded` and `unreachable` are ICMP errors; `data` is a payload, of TCP or UDP. */
  readonly kind:
    'time-exceeded' | 'unreachable' | 'echo-reply' | 'syn-ack' | 'rst' | 'fin' | 'data';
  /** The packet's source, which whoever sent it may have made up. */
  readonly address: string;
  /** Milliseconds since the probe left. */
  readonly rtt: number;
  /** What it says, in a few words: `TLS alert 40`, `A 10.0.0.1`, `port unreachable`. */
  readonly detail?: string;
}
