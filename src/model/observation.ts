// What an endpoint saw, in the words of OONI's data formats.

/** One attempt of one flow, as its starting node saw it. */
export interface Observation {
  readonly flow: string;
  /** 1 for the first. */
  readonly attempt: number;
  readonly node: string;
  readonly probe:
    'tcp' | 'udp' | 'http' | 'https' | 'tls' | 'dns' | 'quic' | 'ping' | 'traceroute' | 'run';
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
  readonly status?: number;
  readonly answers?: readonly string[];
  readonly exitCode?: number;
  /** Of a ping, milliseconds from each request to its reply; null where none came. */
  readonly rtts?: readonly (number | null)[];
  /** Of a traceroute, in the order of their TTLs. */
  readonly hops?: readonly Hop[];
  /** The first bytes of an HTTP body, as text. */
  readonly bodyStart?: string;
  /** A human sentence where the failure string alone says too little (system error text, certificate fault). */
  readonly detail?: string;
}

export interface FiveTuple {
  readonly protocol: 'tcp' | 'udp';
  /** The side that started: source address and port of the first packet. */
  readonly source: string;
  readonly sourcePort: number;
  readonly destination: string;
  readonly destinationPort: number;
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
