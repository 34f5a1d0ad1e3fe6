// What a censor written in TypeScript or JavaScript is written against: types alone, published as `netscenario/program`. Imports nothing.

/** The default export of a program's file: this object, or its `packet` alone. */
export interface CensorProgram {
  /** Called once, before the first packet. */
  start?(lab: Lab): void | Promise<void>;
  /** Decides about a packet. Nothing lets it pass; so does a promise of nothing. */
  packet: PacketHandler;
}

export type PacketHandler = (
  packet: Packet,
  flow: Flow,
  lab: Lab,
) => Verdict | undefined | Promise<Verdict | undefined>;

/** `pass`, `drop`, `reset` or a name of the scenario's `actions`; as an object with more to say. */
export type Verdict = string | VerdictDetails;

export interface VerdictDetails {
  /** `pass` unless given. */
  action?: string;
  /** It goes for the rest of the flow: the program is not asked about it any more. */
  flow?: boolean;
  /** What the packet carries instead: of UDP in any length, of TCP in the same. */
  payload?: Uint8Array;
  /** Whole IP packets, at most 64, that leave before this one. */
  inject?: readonly Uint8Array[];
  /** For the censor's events. */
  note?: string;
}

export interface Packet {
  readonly id: number;
  /** When it came, microseconds since the epoch. */
  readonly time: number;
  /** Forward is from client to server. */
  readonly direction: 'forward' | 'reverse';
  readonly ip: {
    readonly version: 4 | 6;
    readonly src: string;
    readonly dst: string;
    readonly ttl: number;
    /** Of the layer above: 6 is TCP, 17 UDP. */
    readonly protocol: number;
    readonly id: number;
    readonly length: number;
    readonly fragment: boolean;
  };
  readonly tcp?: {
    readonly srcport: number;
    readonly dstport: number;
    readonly seq: number;
    readonly ack: number;
    /** Names joined by `+`, such as `PSH+ACK`; `none` for none. */
    readonly flags: string;
    readonly window: number;
  };
  readonly udp?: { readonly srcport: number; readonly dstport: number };
  readonly icmp?: { readonly type: number; readonly code: number };
  readonly payload: Uint8Array;
  /** What the client said, put together from its packets, when this one completed it. */
  readonly message?: Message;
}

export type Message =
  | {
      readonly protocol: 'tls';
      readonly sni: string | null;
      readonly alpn: readonly string[];
      /** As numbers: 0x0304 is TLS 1.3. */
      readonly versions: readonly number[];
      /** Types in their order. */
      readonly extensions: readonly number[];
    }
  | {
      readonly protocol: 'quic';
      readonly version: number;
      readonly sni: string | null;
      readonly alpn: readonly string[];
      readonly versions: readonly number[];
      readonly extensions: readonly number[];
    }
  | {
      readonly protocol: 'http';
      readonly method: string;
      readonly host: string;
      readonly path: string;
    }
  | {
      readonly protocol: 'dns';
      readonly qname: string;
      readonly qtype: number;
      readonly qdcount: number;
    }
  | { readonly protocol: 'ssh'; readonly version: string; readonly kex: readonly string[] };

export interface Flow {
  readonly id: number;
  /** Of what the program was asked about, this packet included; bytes of IP. */
  readonly packets: number;
  readonly bytes: number;
  /** Milliseconds since the first of them. */
  readonly age: number;
  /** Null at first. Anything that JSON can say, up to 4096 characters: kept outside of the program, and so over its end and reload. */
  data: unknown;
}

export interface Lab {
  /** The censor's name. */
  readonly censor: string;
  /** In-path holds packets; on-path sees copies and can only inject. */
  readonly position: 'in-path' | 'on-path';
  readonly seed: number;
  readonly params: Readonly<Record<string, string | number | boolean>>;
  /** The names that verdicts may use beside `pass`, `drop` and `reset`. */
  readonly actions: readonly string[];
  /** A number in [0, 1), by the seed: the same every run. */
  random(): number;
  /** Writes a line to the censor's log. */
  log(text: string): void;
  /** For the censor's events. */
  note(text: string): void;
  /** Calls `action` once, by the packets' clock. */
  after(milliseconds: number, action: () => void): void;
  /** Sends whole IP packets, checksums right. */
  inject(...packets: readonly Uint8Array[]): void;
}
