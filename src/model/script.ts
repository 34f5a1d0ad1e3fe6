// Traffic scripts, resolved. A script as written is one list of steps by several parties; in the plan each party has a
// program of its own, in which what the others do stands as what is to arrive. So parties need nothing but the traffic
// itself to stay in step, on one machine or on several.

export type ScriptTransport = 'tcp' | 'udp' | 'tls' | 'unix' | 'raw-tcp' | 'raw-udp' | 'raw-ip';

/** Transports whose packets are our own, past the kernel's stack. */
export type RawTransport = 'raw-tcp' | 'raw-udp' | 'raw-ip';

export interface ScriptSpec {
  readonly kind: 'script';
  readonly transport: ScriptTransport;
  /** The first is at the node that the flow starts from. */
  readonly parties: readonly ScriptParty[];
  readonly channels: readonly ScriptChannel[];
  /** Milliseconds for one play. */
  readonly timeout: number;
  /** Of transport `tls`. */
  readonly tls?: ScriptTls;
  /** Of raw transports: how our stack behaves where a script says nothing. */
  readonly raw?: RawDefaults;
}

export interface ScriptParty {
  readonly name: string;
  readonly node: string;
  readonly program: readonly Instruction[];
}

/** What two parties speak over. Numbers of channels in programs are places in `ScriptSpec.channels`. */
export interface ScriptChannel {
  /** The party that begins: it connects, and is the source of the five-tuple. */
  readonly from: string;
  readonly to: string;
  /** Port 0: the kernel gives one (never with raw transports). Addresses are empty with `unix`. */
  readonly source: ScriptEndpoint;
  readonly destination: ScriptEndpoint;
}

export interface ScriptEndpoint {
  readonly address: string;
  readonly port: number;
}

export interface ScriptTls {
  /** Empty sends no SNI. */
  readonly sni: string;
  readonly alpn: readonly string[];
  readonly verify: boolean;
}

/** When our stack acknowledges: at once; every second full segment or after 40 ms (RFC 1122 4.2.3.2); with data of ours only; never. */
export type AckPolicy = 'now' | 'delayed' | 'piggyback' | 'none';

export interface RawDefaults {
  readonly ack: AckPolicy;
  /** Whether our stack sends again what is not acknowledged. */
  readonly retransmit: boolean;
  /** Largest payload of a segment that our stack makes: the path's MTU less headers. */
  readonly mss: number;
}

/** Bytes to send or to find. */
export type Payload =
  | { readonly kind: 'text'; readonly text: string }
  | { readonly kind: 'base64'; readonly base64: string }
  /** `size` bytes of the stream `name` of the plan's seed (base/random.ts): known to every party. */
  | { readonly kind: 'random'; readonly size: number; readonly name: string }
  /** Known when the script plays: text, and variables that hold what was received. */
  | { readonly kind: 'template'; readonly parts: readonly TemplatePart[] };

export type TemplatePart = { readonly text: string } | { readonly variable: string };

interface InstructionBase {
  /** Where the script as written has it, such as `3` or `3.then.1`. */
  readonly step: string;
  /** Milliseconds to wait after the instruction before. */
  readonly after: number;
  /** Milliseconds since the play began before which it does not happen; null: no such bound. */
  readonly at: number | null;
  /** Milliseconds that it may take; null: as long as the play. */
  readonly within: number | null;
}

export type Instruction = InstructionBase &
  (
    | SendInstruction
    | CraftInstruction
    | ArriveInstruction
    | ExpectInstruction
    | CloseInstruction
    | { readonly op: 'wait' }
    /** Sets a variable to bytes. */
    | { readonly op: 'set'; readonly variable: string; readonly value: Payload }
    | {
        readonly op: 'branch';
        readonly condition: Condition;
        readonly yes: readonly Instruction[];
        readonly no: readonly Instruction[];
      }
    /** Plays `body` up to `times`, and no more once `until` holds after a turn. */
    | {
        readonly op: 'loop';
        readonly times: number;
        readonly until: Condition | null;
        readonly body: readonly Instruction[];
      }
    /** From now on: what is null stays as it is. Raw transports. */
    | {
        readonly op: 'stack';
        readonly channel: number;
        readonly ack: AckPolicy | null;
        readonly retransmit: boolean | null;
      }
  );

export interface SendInstruction {
  readonly op: 'send';
  readonly channel: number;
  readonly payload: Payload;
  /**
   * How the bytes leave. `stream`: as the stack likes. `segments`: in segments of exactly these sizes, which no other byte
   * shares; the last size stands for what is left, so `[]` is one segment for all. A number: that many, as equal as can be.
   * Datagram transports know no difference.
   */
  readonly framing: 'stream' | number | readonly number[];
  /** IP fields of raw transports. */
  readonly ip?: IpFields;
  /** Of `raw-ip`: the protocol number; `payload` follows the IP header. Absent: `payload` is a whole IP packet, addresses rewritten. */
  readonly protocol?: number;
}

/** One TCP segment as the script wants it. Absent fields are the stack's own. Transport `raw-tcp`. */
export interface CraftInstruction {
  readonly op: 'craft';
  readonly channel: number;
  /** Bits of TCP_FLAG (wire/tcp.ts); null: PSH+ACK with payload, ACK without. */
  readonly flags: number | null;
  readonly payload: Payload | null;
  readonly sequence: SequenceNumber | null;
  readonly acknowledgment: SequenceNumber | null;
  /** As in the header, not scaled. */
  readonly window: number | null;
  readonly urgentPointer: number | null;
  readonly options: readonly TcpOptionSpec[] | null;
  readonly checksum: 'right' | 'wrong';
  readonly ip: IpFields;
  /** Whether the stack sends it again when nobody acknowledges. */
  readonly retransmit: boolean;
  /** Whether the stack counts it as sent; as `retransmit` unless given. */
  readonly arrives?: boolean;
}

/** `absolute`: the number itself. `next`: from the next number in order. `initial`: from the initial sequence number of that direction. */
export interface SequenceNumber {
  readonly base: 'absolute' | 'next' | 'initial';
  readonly offset: number;
}

export type TcpOptionSpec =
  | { readonly kind: 'mss'; readonly size: number }
  | { readonly kind: 'window-scale'; readonly shift: number }
  | { readonly kind: 'sack-permitted' }
  /** Blocks of absolute sequence numbers: left edge, right edge (RFC 2018). */
  | { readonly kind: 'sack'; readonly blocks: readonly (readonly [number, number])[] }
  /** Null: the stack's own clock and echo (RFC 7323). */
  | { readonly kind: 'timestamps'; readonly value: number | null; readonly echo: number | null }
  /** The 16-byte digest with this key (RFC 2385), or a given one in hexadecimal. */
  | { readonly kind: 'md5'; readonly key: string | null; readonly digest: string | null }
  | { readonly kind: 'raw'; readonly number: number; readonly hex: string }
  | { readonly kind: 'nop' }
  | { readonly kind: 'end' };

export interface IpFields {
  readonly ttl?: number;
  /** TOS or traffic class. */
  readonly trafficClass?: number;
  /** IPv4 identification. */
  readonly id?: number;
  readonly dontFragment?: boolean;
  /** IPv6 flow label. */
  readonly flowLabel?: number;
  /** Sizes in bytes of the IP payloads of fragments: multiples of 8 but for the last, which is what is left. */
  readonly fragments?: readonly number[];
  readonly checksum?: 'right' | 'wrong';
}

/**
 * What another party sends, as this one meets it. Bytes are not taken from the buffer that `expect` reads. With `wait` the
 * program goes on when it is there; without, it only becomes known.
 */
export interface ArriveInstruction {
  readonly op: 'arrive';
  readonly channel: number;
  readonly wait: boolean;
  readonly what:
    /** The next bytes of the stream, or a datagram; null: unknown until the script plays, at least `size` bytes of a stream. */
    | { readonly kind: 'data'; readonly payload: Payload | null; readonly size: number }
    | { readonly kind: 'end' | 'reset' }
    /** A segment with these flags and that many bytes of payload. */
    | { readonly kind: 'segment'; readonly flags: number; readonly length: number };
}

export interface ExpectInstruction {
  readonly op: 'expect';
  readonly channel: number;
  readonly pattern: Pattern;
  /** The variable that holds all that matched; named groups of a regular expression are variables by their names. */
  readonly as: string | null;
}

export type Pattern =
  /** The next so many bytes of the stream, whatever they are. */
  | { readonly kind: 'bytes'; readonly count: number }
  /** Exactly these bytes come next. */
  | { readonly kind: 'exact'; readonly payload: Payload }
  /** Everything up to and with the first match. Bytes are characters of Latin-1. */
  | { readonly kind: 'regex'; readonly source: string; readonly flags: string }
  /** Everything up to and with these bytes. */
  | { readonly kind: 'until'; readonly payload: Payload }
  /** A datagram of so many bytes. */
  | { readonly kind: 'datagram'; readonly min: number; readonly max: number }
  /** The peer has sent all: FIN. */
  | { readonly kind: 'end' }
  | { readonly kind: 'reset' }
  /** Raw transports: a packet that came, whether or not the stack took it. Null: any. */
  | {
      readonly kind: 'packet';
      /** All of these flags. */
      readonly flags: number | null;
      readonly minLength: number;
      readonly protocol: number | null;
    };

export interface CloseInstruction {
  readonly op: 'close';
  readonly channel: number;
  /** FIN and no reading after the peer's; FIN, but what comes is still read; RST. */
  readonly how: 'fin' | 'half' | 'reset';
}

/** `text` is compared as bytes. */
export type Condition =
  | { readonly kind: 'equals'; readonly variable: string; readonly payload: Payload }
  | {
      readonly kind: 'matches';
      readonly variable: string;
      readonly source: string;
      readonly flags: string;
    }
  | { readonly kind: 'set'; readonly variable: string }
  | { readonly kind: 'not'; readonly condition: Condition };

/** What one party of one play saw. Times are microseconds since the epoch. */
export interface PartyReport {
  readonly party: string;
  readonly node: string;
  /** OONI failure string; null when its whole program was played. */
  readonly failure: string | null;
  readonly operation: string | null;
  /** The instruction that failed, as `Instruction.step`. */
  readonly step: string | null;
  readonly detail?: string;
  readonly start: number;
  readonly end: number;
  readonly received: number;
  readonly sent: number;
  /** Milliseconds since `start`, by name. */
  readonly timings: Readonly<Record<string, number>>;
  /** By channel of which it is an end. */
  readonly tuples: readonly ChannelTuple[];
}

export interface ChannelTuple {
  readonly channel: number;
  readonly protocol: 'tcp' | 'udp';
  readonly source: string;
  readonly sourcePort: number;
  readonly destination: string;
  readonly destinationPort: number;
}
