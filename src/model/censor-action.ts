// What a censor does to packets and flows, resolved.

export type CensorAction =
  | { readonly kind: 'allow' }
  | DropAction
  | ResetAction
  | DnsAction
  | BlockPageAction
  | ThrottleAction
  | RedirectAction
  | DelayAction
  | LoseAction
  | TamperAction
  | MitmAction;

export type CensorActionKind = CensorAction['kind'];

/** Forward is from client to server. */
export type ActionDirection = 'both' | 'forward' | 'reverse';

/** Where a number of a forged packet comes from. */
export type NumberSource =
  /** That of the packet that triggered it. */
  | { readonly from: 'trigger' }
  | { readonly from: 'fixed'; readonly value: number }
  /** Drawn by the seed for each packet. */
  | { readonly from: 'random'; readonly low: number; readonly high: number }
  /** One after the other, for each packet of this rule, over all flows. */
  | { readonly from: 'cycle'; readonly values: readonly number[] }
  /** One higher for each packet of this rule. */
  | { readonly from: 'counter'; readonly start: number };

export interface DropAction {
  readonly kind: 'drop';
  readonly direction: ActionDirection;
  /** Only the matching packet, or the flow from there on. */
  readonly scope: 'packet' | 'flow';
  /**
   * What of the flow still passes first, the matching packet included, counted over the direction dropped; each drawn once a flow. Null: nothing.
   * Packets of any kind; bytes of payload (a flow that freezes).
   */
  readonly after: {
    readonly packets: readonly [low: number, high: number] | null;
    readonly bytes: readonly [low: number, high: number] | null;
  } | null;
}

export interface ResetAction {
  readonly kind: 'reset';
  /** `inject` forges further segments; `rewrite` turns the flow's own packets of `direction` into resets. */
  readonly mode: 'inject' | 'rewrite';
  /** Of `rewrite`. */
  readonly direction: ActionDirection;
  /** Who gets RSTs, of `inject`. */
  readonly sides: 'both' | 'client' | 'server';
  /** RSTs to each side. */
  readonly count: number;
  /** TCP flag names, RST among them. */
  readonly flags: readonly string[];
  /** Added to the sequence number that the receiver expects, in turn for each of `count`. */
  readonly offsets: readonly number[];
  readonly ttl: NumberSource;
  readonly window: NumberSource;
  readonly ipId: NumberSource;
  /** Hexadecimal. */
  readonly payload: string;
  /** Milliseconds from the trigger to the first, and from each to the next. */
  readonly delay: number;
  readonly gap: number;
  /** Whether each further segment of the client with data draws resets again. */
  readonly repeat: boolean;
  /** In-path only: whether the packet that triggered it is dropped too. */
  readonly dropTrigger: boolean;
}

export interface DnsAction {
  readonly kind: 'dns';
  /** Answers, of which one a query is drawn by the seed; A for dotted, AAAA for colons. */
  readonly pool: readonly string[];
  /** A canonical name that the answer gives first; the address is then that name's. */
  readonly cname: string | null;
  readonly rcode: 'NOERROR' | 'NXDOMAIN' | 'SERVFAIL' | 'REFUSED';
  /** Seconds that the forged record may be cached. */
  readonly recordTtl: NumberSource;
  readonly ttl: NumberSource;
  readonly ipId: NumberSource;
  readonly dontFragment: boolean;
  /** Milliseconds after the query; drawn for each. */
  readonly delay: readonly [low: number, high: number];
  /** Copies of the answer. */
  readonly count: number;
  readonly authoritative: boolean;
  readonly recursionAvailable: boolean;
  readonly dropTrigger: boolean;
}

export interface BlockPageAction {
  readonly kind: 'blockpage';
  readonly version: '1.0' | '1.1';
  readonly status: number;
  /** The status line's reason phrase. */
  readonly reason: string;
  readonly headers: readonly (readonly [string, string])[];
  readonly body: string;
  /** Flags of its last segment. */
  readonly flags: readonly string[];
  readonly ttl: NumberSource;
  readonly window: NumberSource;
  readonly ipId: NumberSource;
  /** What the server gets so that it stops; null: nothing. */
  readonly teardown: ResetAction | null;
  readonly dropTrigger: boolean;
}

export interface ThrottleAction {
  readonly kind: 'throttle';
  /** Police drops what exceeds the rate; shape delays it. */
  readonly mode: 'police' | 'shape';
  /** Bits per second, of IP packet length, of one direction. */
  readonly rate: number;
  /** Bytes that may pass at once. */
  readonly burst: number;
  readonly direction: ActionDirection;
  /** Whether each flow has the rate, or all flows of the rule together. */
  readonly per: 'flow' | 'rule';
}

/** Sends the client's packets to another address, and the answers back as if from the first; from the flow's first packet alone. */
export interface RedirectAction {
  readonly kind: 'redirect';
  /** By family; a flow of the other passes. */
  readonly to: readonly string[];
  /** Null keeps it. */
  readonly port: number | null;
}

export interface DelayAction {
  readonly kind: 'delay';
  /** Milliseconds, drawn for each packet; order is kept. */
  readonly by: readonly [low: number, high: number];
  readonly direction: ActionDirection;
  readonly scope: 'packet' | 'flow';
}

export interface LoseAction {
  readonly kind: 'lose';
  /** Share of packets, by the seed. */
  readonly share: number;
  readonly direction: ActionDirection;
  readonly scope: 'packet' | 'flow';
}

/** Changes packets on their way: checksums and, where the length changes, sequence numbers of the rest of the flow are put right. */
export interface TamperAction {
  readonly kind: 'tamper';
  readonly edits: readonly TamperEdit[];
  readonly direction: ActionDirection;
  readonly scope: 'packet' | 'flow';
}

export type TamperEdit =
  /** Every occurrence within a packet's payload; hexadecimal. */
  | { readonly edit: 'replace'; readonly find: string; readonly with: string }
  /** Of an HTTP request or response whose head lies in the packet. A null value removes the field. */
  | { readonly edit: 'http-header'; readonly name: string; readonly value: string | null }
  /** Of a ClientHello that lies in the packet: takes an extension out by type. */
  | { readonly edit: 'tls-strip'; readonly extension: number }
  /** Of a ClientHello: another server name. */
  | { readonly edit: 'tls-sni'; readonly name: string }
  /** Header fields of IP and TCP. */
  | {
      readonly edit: 'field';
      readonly field: 'ip.ttl' | 'ip.id' | 'ip.dscp' | 'tcp.window' | 'tcp.urgent';
      readonly value: number;
    }
  /** Takes TCP options out by kind. */
  | { readonly edit: 'tcp-strip'; readonly option: number };

/** Reads and passes on what a TLS client and server say, with a certificate of an authority of its own. */
export interface MitmAction {
  readonly kind: 'mitm';
  /** `lab`: the authority that the lab's clients trust; `own`: one of the censor's, which they do not. */
  readonly authority: 'lab' | 'own';
  /** Whether what is said is written to the censor's log. */
  readonly log: boolean;
}
