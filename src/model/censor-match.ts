// What a rule looks for: conditions over packets, messages and flows, joined by all, any and not. A condition over what a packet does not
// have is neither true nor false (Kleene); a rule matches only where the whole is true.

export type Match =
  | { readonly all: readonly Match[] }
  | { readonly any: readonly Match[] }
  | { readonly not: Match }
  | MatchCondition;

/** A field, and the values of which any satisfies it. */
export type MatchCondition =
  | PrefixCondition
  | NumberCondition
  | FlagsCondition
  | NameCondition
  | TextCondition
  | FactCondition
  | WordCondition
  | BytesCondition
  | RegexCondition
  | PortOrderCondition
  | ShareCondition
  | ModelCondition;

export interface PrefixCondition {
  readonly field: 'ip.src' | 'ip.dst' | 'ip.addr';
  readonly prefixes: readonly string[];
  /** Index into `CensorSpec.lists`: one prefix or address a line. */
  readonly list?: number;
}

export type NumberField =
  | `ip.${'version' | 'proto' | 'ttl' | 'id' | 'length' | 'dscp'}`
  | `tcp.${'srcport' | 'dstport' | 'port' | 'seq' | 'ack' | 'window' | 'length' | 'headerLength' | 'urgent'}`
  | `udp.${'srcport' | 'dstport' | 'port' | 'length'}`
  | `icmp.${'type' | 'code'}`
  | `dns.${'qtype' | 'qdcount'}`
  /** TLS versions as numbers, 0x0303 is 1.2: the highest that the hello offers. `tls.extension`: any extension type of the hello. */
  | `tls.${'version' | 'extension'}`
  | 'quic.version'
  /** Bytes; bits of 8 a byte (Shannon); set bits a byte; share of printable bytes; the longest run of them; printable bytes at the start. */
  | `payload.${'length' | 'entropy' | 'popcount' | 'printable' | 'printableRun' | 'printablePrefix'}`
  /** Of both directions so far, this packet included; `data`: packets with payload of this packet's direction. Milliseconds since the first. */
  | `flow.${'packets' | 'bytes' | 'data' | 'age'}`;

export interface NumberCondition {
  readonly field: NumberField;
  /** Inclusive; a single number has both ends equal; an open end is ±Infinity, written as null in JSON. */
  readonly ranges: readonly NumberRange[];
}

export type NumberRange = readonly [low: number | null, high: number | null];

/** Every named flag is set, and every one of `clear` is not. Alternatives are an `any`. */
export interface FlagsCondition {
  readonly field: 'tcp.flags';
  readonly set: readonly string[];
  readonly clear: readonly string[];
}

export interface NameCondition {
  readonly field: 'dns.qname' | 'http.host' | 'tls.sni' | 'quic.sni';
  /**
   * Host name patterns, lower case: `blocked.example`, `*.blocked.example` (any depth below), `*` alone any; another `*` stands for any
   * characters (`*blocked*`), which over-blocks as real censors do.
   */
  readonly names: readonly string[];
  /** Index into `CensorSpec.lists`: one pattern a line. */
  readonly list?: number;
}

export interface TextCondition {
  readonly field:
    | 'http.method'
    | 'http.path'
    | 'http.version'
    /** `Name: value` as the client spelled it, upper and lower case apart. */
    | 'http.header'
    | `${'tls' | 'quic'}.${'alpn' | 'ja4'}`
    | `ssh.${'version' | 'kex'}`;
  /** `*` stands for any characters. */
  readonly patterns: readonly string[];
  readonly list?: number;
}

/** Something that is so or not. */
export interface FactCondition {
  readonly field:
    | 'ip.fragment'
    | 'ip.df'
    | 'ip.options'
    | 'tcp.options'
    /** Method in capitals, `Host: ` spelled so with one space, an HTTP/1 version: what a parser without tolerance recognises. */
    | 'http.canonical'
    /** The encrypted_client_hello extension; the old encrypted_server_name (0xffce). */
    | 'tls.ech'
    | 'tls.esni'
    | 'quic.ech';
  readonly value: boolean;
}

/** What the payload of this packet begins like, or holds. */
export interface BytesCondition {
  readonly field: 'payload.bytes';
  /** Hexadecimal. */
  readonly values: readonly string[];
  /** Where it must lie, from the start of the payload; null: anywhere. */
  readonly at: number | null;
}

export interface RegexCondition {
  readonly field: 'payload.regex' | 'http.regex';
  /** Over the payload read as Latin-1, or over the head of the request. */
  readonly source: string;
  readonly flags: string;
}

export interface PortOrderCondition {
  readonly field: 'ports';
  /** How the source port compares with the destination port. */
  readonly order: '<' | '<=' | '>' | '>=' | '=';
}

export interface ShareCondition {
  readonly field: 'share';
  /** The share of all combinations of `of` that match, chosen by a hash of them and the seed: the same always. */
  readonly of: readonly ('client' | 'server' | 'clientPort' | 'serverPort')[];
  readonly share: number;
}

export interface WordCondition {
  readonly field: 'payload.protocol' | 'flow.side' | 'flow.origin';
  /**
   * `payload.protocol`: what this payload by itself looks like: tls, http, dns, ssh, quic or unknown. `flow.side`: whose packet it is, client or
   * server. `flow.origin`: where the client of the flow is, inside or outside.
   */
  readonly words: readonly string[];
}

export interface ModelCondition {
  readonly field: 'model';
  /** Index into `CensorSpec.models`. */
  readonly model: number;
  /** The model's input, in order: number fields of this packet. */
  readonly features: readonly ModelFeature[];
  /** Which number of its output counts. */
  readonly output: number;
  readonly ranges: readonly NumberRange[];
}

/** A number field, or the first n bytes of the payload, as n numbers from 0 to 255 (0 where it is shorter). */
export type ModelFeature = { readonly field: NumberField } | { readonly bytes: number };
