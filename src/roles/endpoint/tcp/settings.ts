/** The time of what does not come. */
export const NEVER: number = Number.POSITIVE_INFINITY;

/** What a connection is made with. Times are in microseconds, sizes in bytes. */
export interface TcpSettings {
  /** The maximum segment size that a SYN announces, and the longest payload that is sent. */
  readonly maximumSegmentSize: number;
  /** Bytes that may wait to be read; the window that is announced. */
  readonly receiveBuffer: number;
  /** Bytes that may be on their way, whatever the peer's window: fixed, as there is no congestion control. */
  readonly congestionWindow: number;
  /** Options that a SYN offers: RFC 7323 and RFC 2018. */
  readonly timestamps: boolean;
  readonly windowScale: boolean;
  readonly sackPermitted: boolean;
  /** Whether each segment of the stack's has room for an MD5 signature (RFC 2385), which `packetsOf` fills in. */
  readonly md5Signature: boolean;
  /** TTL or hop limit of what the stack sends. */
  readonly ttl: number;
  /** Chosen by the seed when null. */
  readonly initialSequence: number | null;
  /** How often one segment is sent again before the connection is given up. */
  readonly maximumRetransmissions: number;
  /** Before the first measurement, and the bounds of what is computed from measurements (RFC 6298). */
  readonly initialTimeout: number;
  readonly minimumTimeout: number;
  readonly maximumTimeout: number;
  /** How long TIME-WAIT lasts; twice the maximum segment lifetime would be minutes. */
  readonly timeWait: number;
}

/** RFC 6298 section 2 wants 1 s as the minimum; this is Linux's TCP_RTO_MIN, without which an experiment waits too long. */
const MINIMUM_TIMEOUT = 200_000;

export const DEFAULT_TCP_SETTINGS: TcpSettings = {
  maximumSegmentSize: 1460,
  receiveBuffer: 262_144,
  congestionWindow: 14_600,
  timestamps: true,
  windowScale: true,
  sackPermitted: true,
  md5Signature: false,
  ttl: 64,
  initialSequence: null,
  maximumRetransmissions: 8,
  initialTimeout: 1_000_000,
  minimumTimeout: MINIMUM_TIMEOUT,
  maximumTimeout: 60_000_000,
  timeWait: 1_000_000,
};

/**
 * When received data is acknowledged: `now`, each segment; `delayed`, every second full one or after 40 ms (RFC 1122 section
 * 4.2.3.2); `piggyback`, only by segments that carry something of ours; `none`, not even by those.
 */
export type AckPolicy = 'now' | 'delayed' | 'piggyback' | 'none';

/** What a script may change while the connection lives. */
export interface TcpPolicy {
  readonly ack: AckPolicy;
  readonly retransmit: boolean;
  /** `ignore`: report received resets and go on. */
  readonly resets: 'obey' | 'ignore';
  /** `script`: SYN and SYN+ACK are crafted; the stack sends none. */
  readonly handshake: 'stack' | 'script';
}

export const DEFAULT_TCP_POLICY: TcpPolicy = {
  ack: 'delayed',
  retransmit: true,
  resets: 'obey',
  handshake: 'stack',
};
