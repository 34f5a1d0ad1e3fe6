// What a relay is told, resolved: it listens, dials, and does to messages what its rules say. Names: mproxy, DELTA (attacks), Toxiproxy (faults).
import type { ProtocolSpec } from './protocol.ts';
import type { Span } from './censor.ts';

export interface RelaySpec {
  readonly listen: StreamAddress;
  /** `original`: where the client wanted to go, of what was diverted to the relay (REDIRECT or TPROXY). */
  readonly target: StreamAddress | 'original';
  /** Whether it takes connections or datagrams to any address (IP_TRANSPARENT), diverted by TPROXY. */
  readonly transparent: boolean;
  readonly protocol: ProtocolSpec;
  readonly ordering: 'all' | 'typed' | 'none';
  /** Threads that process messages; 0: the one that carries them. */
  readonly workers: number;
  /** What happens where a stream cannot be framed: the rest goes on as it is, or the session ends. It is counted. */
  readonly onFramingFault: 'pass' | 'close';
  readonly limits: RelayLimits;
  readonly rules: readonly RelayRule[];
  readonly faults: readonly RelayFault[];
  readonly fuzz: FuzzSpec | null;
  /** Where it is controlled over HTTP while it runs; null: nowhere. */
  readonly control: StreamAddress | null;
}

export type StreamAddress =
  | {
      readonly kind: 'tcp' | 'udp';
      /** An address, or a name that is looked up when it is dialled; `*` listens on all of both families. */
      readonly host: string;
      readonly port: number;
    }
  /** An abstract socket's path begins with `@` (unix(7)). */
  | { readonly kind: 'unix'; readonly path: string };

export interface RelayLimits {
  readonly sessions: number;
  /** Messages of one direction that may wait for their turn, and bytes; reading stops until there is room. */
  readonly seats: number;
  readonly bytes: number;
  /** Milliseconds that the target has to accept, and a message to be processed. */
  readonly dialTimeout: number;
  readonly processTimeout: number;
  /** Milliseconds without a byte after which a session ends, and a UDP client is forgotten; 0: never (UDP: 60 s). */
  readonly idleTimeout: number;
}

/** C: client, P: relay, S: server. `C->P` and `S->P` are when a message has been read, `P->S` and `P->C` when it is about to be sent. */
export type HookPoint = 'C->P' | 'P->S' | 'S->P' | 'P->C';

export interface RelayRule {
  readonly name: string;
  readonly at: HookPoint;
  readonly match: RelayMatch;
  /** Done in this order; never empty. */
  readonly do: readonly RelayOperation[];
  /** What is put right after the edits. Empty: the message goes as malformed as it has become. */
  readonly fixup: readonly ('length' | 'checksum')[];
  /** Whether guarded fields may be edited, and words set that the protocol does not have. */
  readonly unsafe: boolean;
}

/** All of it must hold. */
export interface RelayMatch {
  /** Type names; empty: any. */
  readonly types: readonly string[];
  readonly fields: readonly FieldTest[];
  /** Of the messages of a session and direction that match so far, counted from 1: those at which, or every so manieth after `from`. */
  readonly nth: NthTest | null;
  /** Share of matching messages, by the seed. */
  readonly probability: number;
  /** Sessions by number, counted from 1; empty: all. */
  readonly sessions: readonly number[];
  /** The session's state must be this: `start` until an operation says otherwise. Null: any. */
  readonly state: string | null;
}

export type NthTest =
  | { readonly kind: 'at'; readonly numbers: readonly number[] }
  | { readonly kind: 'every'; readonly every: number; readonly from: number };

/** `path` as `instructions[0].actions[*].port` or `match.eth_type`; with `[*]` any of them satisfies. Any value or range satisfies. */
export interface FieldTest {
  readonly path: string;
  readonly not: boolean;
  readonly values: readonly TestValue[];
}

export type TestValue =
  /** Decimal text where a bound is larger than 2^53 - 1. */
  | {
      readonly kind: 'number';
      readonly low: bigint | number | string;
      readonly high: bigint | number | string;
    }
  /** `*` stands for any characters. A word of an enum, an address, a name, a text. */
  | { readonly kind: 'text'; readonly pattern: string }
  | { readonly kind: 'prefix'; readonly prefix: string }
  /** Of flags: all of these bits are set. */
  | { readonly kind: 'bits'; readonly mask: number }
  | { readonly kind: 'regex'; readonly source: string }
  /** Hexadecimal, found anywhere in the field. */
  | { readonly kind: 'bytes'; readonly hex: string }
  | { readonly kind: 'present' };

export type RelayOperation = FieldEdit | ListEdit | MessageOperation;

/** Decimal text where a number is larger than 2^53 - 1. Bytes are hexadecimal. */
export type EditValue = number | string;

/** Of every field that `path` finds. */
export type FieldEdit =
  | { readonly kind: 'set'; readonly path: string; readonly value: EditValue }
  /** Modulo the width. */
  | { readonly kind: 'add'; readonly path: string; readonly value: EditValue }
  | { readonly kind: 'xor'; readonly path: string; readonly value: EditValue }
  | { readonly kind: 'or' | 'and' | 'toggle'; readonly path: string; readonly value: EditValue }
  /** Both ends inclusive; an address within the prefix. Null: anything of the type. */
  | {
      readonly kind: 'random';
      readonly path: string;
      readonly low: EditValue | null;
      readonly high: EditValue | null;
      readonly prefix: string | null;
    }
  | { readonly kind: 'bitflip'; readonly path: string; readonly bits: number }
  /** 0, the largest, or the largest less one; null: one of them, by the seed. */
  | {
      readonly kind: 'boundary';
      readonly path: string;
      readonly value: 'zero' | 'max' | 'max-1' | null;
    }
  /** Another word of its enum, or a number that has no word. */
  | { readonly kind: 'swap'; readonly path: string; readonly to: 'legal' | 'illegal' }
  /** Keeps the bits of the prefix length or mask, clears the others. */
  | { readonly kind: 'mask'; readonly path: string; readonly bits: EditValue }
  /** Keeps so many bytes. */
  | { readonly kind: 'truncate'; readonly path: string; readonly bytes: number }
  | { readonly kind: 'insert'; readonly path: string; readonly at: number; readonly hex: string }
  | { readonly kind: 'delete'; readonly path: string; readonly at: number; readonly bytes: number }
  /** So many random edits of its bytes: flips, overwrites, insertions, deletions. */
  | { readonly kind: 'havoc'; readonly path: string; readonly edits: number };

/** Of elements of lists. */
export type ListEdit =
  | { readonly kind: 'remove'; readonly path: string }
  /** So many times more. */
  | { readonly kind: 'repeat'; readonly path: string; readonly times: number }
  /** The list's elements in another order, by the seed; or backwards. */
  | { readonly kind: 'shuffle'; readonly path: string; readonly how: 'random' | 'reverse' };

export type MessageOperation =
  | { readonly kind: 'drop' }
  /** Milliseconds. */
  | { readonly kind: 'delay'; readonly for: Span }
  | { readonly kind: 'duplicate'; readonly times: number }
  /** It waits until so many later ones have gone. */
  | { readonly kind: 'reorder'; readonly behind: number }
  /** A message of its own, sent before or after the one at hand, or back to its sender. */
  | {
      readonly kind: 'inject';
      readonly message: MessageSource;
      readonly where: 'before' | 'after' | 'back';
    }
  /** In place of it. */
  | { readonly kind: 'replace'; readonly message: MessageSource }
  /** Bytes of each write but the last. */
  | { readonly kind: 'split'; readonly sizes: readonly number[]; readonly gap: number }
  /** It waits, and leaves in one write with so many that follow it. */
  | { readonly kind: 'coalesce'; readonly with: number }
  | { readonly kind: 'cut'; readonly bytes: number }
  /** The frame's length says this; or so much more or less. */
  | { readonly kind: 'corrupt-length'; readonly value: number | null; readonly add: number }
  /** It and all behind it wait for a message of this kind from either side, or until the time is over (milliseconds). */
  | {
      readonly kind: 'hold';
      readonly until: { readonly types: readonly string[]; readonly at: HookPoint | null };
      readonly for: number;
    }
  /** The session's state from now on. */
  | { readonly kind: 'state'; readonly state: string }
  /** Nothing passes any more, in this direction or both; the connections stay. */
  | { readonly kind: 'blackhole'; readonly both: boolean }
  /** Ends both connections, by RST or FIN. */
  | { readonly kind: 'reset' }
  | { readonly kind: 'close' };

export type MessageSource =
  /** Values by field path, of a message of this type; what is not said is zero, lengths come by themselves. */
  | { readonly kind: 'fields'; readonly type: string; readonly values: readonly FieldSetting[] }
  | { readonly kind: 'bytes'; readonly hex: string }
  /** The last message of this type that came from that side in this session, as it came. */
  | { readonly kind: 'earlier'; readonly type: string; readonly from: 'client' | 'server' };

export interface FieldSetting {
  readonly path: string;
  readonly value: EditValue;
}

/** A fault of the network (a toxic, in Toxiproxy's words), of the bytes that a direction delivers. Milliseconds, bytes, bits per second. */
export type RelayFault = {
  readonly name: string;
  readonly direction: 'upstream' | 'downstream';
  /** The share of sessions that it holds for, by the seed. */
  readonly probability: number;
  readonly enabled: boolean;
} & FaultKind;

export type FaultKind =
  | { readonly kind: 'latency'; readonly latency: number; readonly jitter: number }
  | { readonly kind: 'bandwidth'; readonly rate: number }
  /** The end of a stream is told later. */
  | { readonly kind: 'slow-close'; readonly delay: number }
  /** Nothing passes, and the session ends after this time; 0: never. */
  | { readonly kind: 'timeout'; readonly after: number }
  /** The session ends with RST after this time. */
  | { readonly kind: 'reset-peer'; readonly after: number }
  /** Bytes leave in pieces of `size` ± `variation`, with a gap (milliseconds, may be fractions) between them. */
  | {
      readonly kind: 'slicer';
      readonly size: number;
      readonly variation: number;
      readonly gap: number;
    }
  /** The session ends once so many bytes have passed. */
  | { readonly kind: 'limit-data'; readonly bytes: number };

/** Typed mutation of messages, the same for the same seed. */
export interface FuzzSpec {
  readonly at: readonly HookPoint[];
  /** Type names; empty: any. */
  readonly messages: readonly string[];
  /** Share of these that are mutated. */
  readonly rate: number;
  /** Edits of one message, at most. */
  readonly edits: number;
  /** At most so many mutations; 0: no end. */
  readonly count: number;
  /** Milliseconds that the receiver of a mutated message has to answer it. */
  readonly answerTimeout: number;
  /** Done in place of all that would be drawn; empty: what is mutated is drawn. */
  readonly only: readonly Mutation[];
}

/** Of one message of each session, with concrete values: by its place among those of its type, counted from 1. */
export interface Mutation {
  readonly at: HookPoint;
  readonly type: string;
  readonly nth: number;
  readonly edits: readonly (FieldEdit | ListEdit)[];
}

/** What a mutated message was answered, as messages of its type that are not mutated are not. */
export interface RelayFinding {
  readonly session: number;
  /** Of its session and direction, counted from 1. */
  readonly message: number;
  readonly mutation: Mutation;
  /** `ERROR BAD_ACTION BAD_OUT_PORT`, or a `SpeechlessAnswer`. */
  readonly answer: string;
}

/** A receiver ended its connection by RST or FIN, or said nothing in time to what it should have answered. */
export type SpeechlessAnswer = 'reset' | 'end' | 'silence';

/** One edit, in logs/<node>.<relay>.audit.ndjson. */
export interface RelayAudit {
  /** Microseconds since the epoch. */
  readonly time: number;
  readonly session: number;
  readonly at: HookPoint;
  /** Of the messages of the session and direction, counted from 1. */
  readonly message: number;
  readonly type: string;
  readonly rule: string;
  readonly operation: RelayOperation['kind'];
  /** Of edits of fields: the path as found, and what it said. Bytes as hexadecimal. */
  readonly field?: string;
  readonly old?: string;
  readonly new?: string;
}

export interface RelayStatistics {
  readonly sessions: {
    readonly open: number;
    readonly accepted: number;
    readonly refused: number;
    readonly failed: number;
  };
  readonly upstream: DirectionStatistics;
  readonly downstream: DirectionStatistics;
  /** By rule name: messages that matched and were acted upon. */
  readonly rules: Readonly<Record<string, number>>;
  readonly framingFaults: number;
  /** Messages in which a rule looked for a field in vain, and that could not all be read; they go on, and rules over what could be read apply. */
  readonly unread: number;
  /** Messages that were not processed in time, and went on as they came. */
  readonly overdue: number;
  readonly fuzzed: number;
  /** By answer: findings of the fuzzer. */
  readonly findings: Readonly<Record<string, number>>;
}

export interface DirectionStatistics {
  readonly bytesIn: number;
  readonly bytesOut: number;
  readonly messagesIn: number;
  readonly messagesOut: number;
}
