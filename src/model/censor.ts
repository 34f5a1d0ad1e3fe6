// What a censor is told, resolved: match conditions, actions, residual blocking. Research: OONI, Geneva, CensorLab names.

export interface CensorSpec {
  readonly rules: readonly CensorRule[];
  /** What happens to a packet that cannot be parsed; it is counted either way. */
  readonly onError: 'pass' | 'drop';
}

export interface CensorRule {
  readonly name: string;
  /** All conditions must hold; within one, any of its values. */
  readonly match: readonly MatchCondition[];
  readonly action: CensorAction;
  /** The share of matching flows acted upon, decided once a flow from the seed. */
  readonly probability: number;
  readonly residual?: Residual;
}

/** A field of a packet or flow, and the values that satisfy it. */
export type MatchCondition =
  | { readonly field: 'ip.src' | 'ip.dst' | 'ip.addr'; readonly prefixes: readonly string[] }
  | { readonly field: 'ip.version' | 'ip.proto'; readonly values: readonly number[] }
  | {
      readonly field:
        'tcp.srcport' | 'tcp.dstport' | 'tcp.port' | 'udp.srcport' | 'udp.dstport' | 'udp.port';
      /** Inclusive ranges; a single port has both ends equal. */
      readonly ranges: readonly (readonly [number, number])[];
    }
  /** Every named flag is set (`SYN`), or clear when written `!SYN`. */
  | {
      readonly field: 'tcp.flags';
      readonly set: readonly string[];
      readonly clear: readonly string[];
    }
  | {
      readonly field: 'dns.qname' | 'http.host' | 'tls.sni';
      /** Host name patterns, lower case: `blocked.example`, `*.blocked.example` (any depth below), `*` alone any. */
      readonly names: readonly string[];
    }
  /** RR type numbers: 1 is A, 28 is AAAA. */
  | { readonly field: 'dns.qtype'; readonly values: readonly number[] }
  | { readonly field: 'http.path' | 'http.method'; readonly patterns: readonly string[] };

export type CensorAction =
  | { readonly kind: 'allow' }
  | {
      readonly kind: 'drop';
      readonly direction: 'both' | 'forward' | 'reverse';
      /** Only the matching packet, or the flow from there on. */ readonly scope: 'packet' | 'flow';
    }
  | {
      readonly kind: 'reset';
      /** Who gets RSTs. */
      readonly sides: 'both' | 'client' | 'server';
      /** RSTs to each side. */
      readonly count: number;
      readonly flags: 'RST' | 'RST+ACK';
      /** TTL of the forged segment; null copies that of the packet that triggered it. */
      readonly ttl: number | null;
      /** In-path only: whether the packet that triggered it is dropped too. */
      readonly dropTrigger: boolean;
    }
  | {
      readonly kind: 'dns';
      /** Answers, of which one a query is drawn by the seed; A for dotted, AAAA for colons. */
      readonly pool: readonly string[];
      readonly rcode: 'NOERROR' | 'NXDOMAIN' | 'SERVFAIL' | 'REFUSED';
      /** Seconds that the forged record may be cached. */
      readonly recordTtl: number;
      /** IP TTL of the forged datagram; null copies the query's. */
      readonly ttl: number | null;
      /** Milliseconds after the query. */
      readonly delay: number;
      readonly authoritative: boolean;
      readonly dropTrigger: boolean;
    }
  | {
      readonly kind: 'blockpage';
      readonly status: number;
      /** The status line's reason phrase. */
      readonly reason: string;
      readonly headers: readonly (readonly [string, string])[];
      readonly body: string;
      /** Whether the server gets an RST so that it stops. */
      readonly resetServer: boolean;
      readonly dropTrigger: boolean;
    }
  | {
      readonly kind: 'throttle';
      /** Police drops what exceeds the rate; shape delays it. */
      readonly mode: 'police' | 'shape';
      /** Bits per second, of IP packet length, over all packets of one flow in one direction. */
      readonly rate: number;
      /** Bytes that may pass at once. */
      readonly burst: number;
      readonly direction: 'both' | 'forward' | 'reverse';
    };

/** Blocking of later flows after a rule has fired. */
export interface Residual {
  /** 2-tuple: both addresses; 3-tuple: both addresses and the server's port; 4-tuple: both ports too. */
  readonly key: '2-tuple' | '3-tuple' | '4-tuple';
  /** Milliseconds. */
  readonly for: number;
  /** Whether a packet that falls under it starts the time anew. */
  readonly refresh: boolean;
  /** Whether flows that were there when the rule fired fall under it too; else only flows that begin later. */
  readonly existing: boolean;
  /** What happens to packets under it: null means the rule's own action. */
  readonly action: CensorAction | null;
}
