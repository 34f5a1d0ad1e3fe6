// A session between a client and a server that are lists: what each got, and what the session has asked for.
import { seededRandom } from '../../../src/base/random.ts';
import type { ProtocolSpec } from '../../../src/model/protocol.ts';
import type {
  FuzzSpec,
  RelayAudit,
  RelayFinding,
  RelayLimits,
  RelayMatch,
  RelayRule,
  RelaySpec,
} from '../../../src/model/relay.ts';
import { createRelay } from '../../../src/roles/relay/create-relay.ts';
import type { Relay, RelayWork, Session } from '../../../src/roles/relay/relay-port.ts';
import { concatBytes, readU16, writeU16 } from '../../../src/wire/bytes.ts';
import { compileProtocol } from '../../../src/wire/protocol/compile-protocol.ts';
import type { Protocol, Side } from '../../../src/wire/protocol/contract.ts';

export const START = 1_700_000_000_000_000;
export const MS = 1000;

const uint = (bits: number): { readonly kind: 'uint'; readonly bits: number } => ({
  kind: 'uint',
  bits,
});

/** A byte of kind, one of no meaning, two of length, four of number, and what is said. */
export const MEMO: ProtocolSpec = {
  protocol: 'memo',
  description: 'Messages of tests',
  references: [],
  frame: { kind: 'length', at: 2, width: 2, plus: 0, least: 8, limit: 4096 },
  message: { client: 'memo', server: 'memo' },
  type: 'kind',
  layouts: {
    memo: {
      fields: [
        { name: 'kind', type: { ...uint(8), enum: 'kinds' } },
        { name: 'flags', type: uint(8) },
        { name: 'length', type: uint(16), guarded: true },
        { name: 'number', type: uint(32) },
        { name: 'text', type: { kind: 'bytes', size: 'rest' } },
      ],
      size: { field: 'length', plus: 0 },
    },
  },
  enums: { kinds: { STRICT: 1, LOOSE: 2, BARRIER: 3, ASK: 4, TELL: 5 } },
  order: { strict: ['*'], loose: ['LOOSE'], barrier: ['BARRIER'] },
};

export const RAW: ProtocolSpec = {
  ...MEMO,
  protocol: 'raw',
  frame: { kind: 'chunk' },
  type: null,
  layouts: { memo: { fields: [{ name: 'data', type: { kind: 'bytes', size: 'rest' } }] } },
};

export type Kind = 'STRICT' | 'LOOSE' | 'BARRIER' | 'ASK' | 'TELL';

/** A memo of a kind and a number, with so many bytes of text. */
export function memo(kind: Kind, number: number, text = 0): Uint8Array {
  const bytes = new Uint8Array(8 + text).fill(number, 8);
  bytes[0] = MEMO.enums['kinds']?.[kind] ?? 0;
  writeU16(bytes, 2, bytes.length);
  writeU16(bytes, 6, number);
  return bytes;
}

/** The numbers of memos that follow each other. */
export function numbersOf(bytes: Uint8Array): readonly number[] {
  const numbers: number[] = [];
  for (let at = 0; at < bytes.length; at += readU16(bytes, at + 2))
    numbers.push(readU16(bytes, at + 6));
  return numbers;
}

export const ANY: RelayMatch = {
  types: [],
  fields: [],
  nth: null,
  probability: 1,
  sessions: [],
  state: null,
};

export const LIMITS: RelayLimits = {
  sessions: 1000,
  seats: 100_000,
  bytes: 10_000_000,
  dialTimeout: 5000,
  processTimeout: 1000,
  idleTimeout: 0,
};

export function relaySpec(overrides: Partial<RelaySpec> = {}): RelaySpec {
  return {
    listen: { kind: 'tcp', host: '127.0.0.1', port: 1 },
    target: { kind: 'tcp', host: '127.0.0.1', port: 2 },
    transparent: false,
    protocol: MEMO,
    ordering: 'all',
    workers: 0,
    onFramingFault: 'pass',
    limits: LIMITS,
    rules: [],
    faults: [],
    fuzz: null,
    control: null,
    ...overrides,
  };
}

/** Mutates every message that clients send of these types. */
export const FUZZ: FuzzSpec = {
  at: ['C->P'],
  messages: ['ASK'],
  rate: 1,
  edits: 3,
  count: 0,
  answerTimeout: 500,
  only: [],
};

export const rule = (
  name: string,
  match: Partial<RelayMatch>,
  operations: RelayRule['do'],
  overrides: Partial<RelayRule> = {},
): RelayRule => ({
  name,
  at: 'C->P',
  match: { ...ANY, ...match },
  do: operations,
  fixup: ['length'],
  unsafe: false,
  ...overrides,
});

/** Something that a session has asked for: `client<`, `server<` with the bytes of one write. */
export interface Written {
  readonly leg: Side;
  readonly bytes: Uint8Array;
  readonly at: number;
}

export interface PlayOptions {
  /** Whether the target has accepted before anything else happens. */
  readonly dialled?: boolean;
  readonly seed?: number;
}

export class Play {
  now: number = START;
  readonly relay: Relay;
  readonly protocol: Protocol;
  readonly session: Session;
  readonly writes: Written[] = [];
  /** Ends, resets, whether legs are read, and why it was over, in order. */
  readonly told: string[] = [];
  readonly audits: RelayAudit[] = [];
  readonly findings: RelayFinding[] = [];
  readonly notes: string[] = [];
  readonly work: Map<number, RelayWork> = new Map<number, RelayWork>();
  /** What legs do not hear: memory that a session may not look at after a call. */
  readonly #buffer = new Uint8Array(65_536);

  constructor(overrides: Partial<RelaySpec> = {}, options: PlayOptions = {}) {
    const spec = relaySpec(overrides);
    this.protocol = compileProtocol(spec.protocol);
    this.relay = createRelay(spec, this.protocol, options.seed ?? 1);
    this.session = this.open(1);
    if (options.dialled !== false) this.session.dialled(this.now);
  }

  /** A further session, of which nothing but its writes is heard. */
  open(number: number): Session {
    return this.relay.open(
      number,
      {
        write: (leg, bytes) => this.writes.push({ leg, bytes: bytes.slice(), at: this.now }),
        end: (leg) => this.told.push(`end ${leg}`),
        reset: (leg) => this.told.push(`reset ${leg}`),
        listen: (leg, isWanted) => this.told.push(`${isWanted ? 'listen' : 'ignore'} ${leg}`),
        process: (ticket, work) => this.work.set(ticket, work),
        audit: (record) => this.audits.push(record),
        finding: (finding) => this.findings.push(finding),
        note: (text) => this.notes.push(text),
        closed: (reason) => this.told.push(reason),
      },
      this.now,
    );
  }

  /** Bytes from a side, in a buffer that is used again. */
  hear(from: Side, ...parts: readonly Uint8Array[]): void {
    const bytes = concatBytes(...parts);
    this.#buffer.set(bytes);
    this.session.received(from, this.#buffer.subarray(0, bytes.length), this.now);
    this.#buffer.fill(0xee, 0, bytes.length);
  }

  /** Lets the time pass, and everything happen that is due by then. */
  pass(milliseconds: number): void {
    const until = this.now + milliseconds * MS;
    while (this.session.nextDue <= until) {
      this.now = Math.max(this.now, this.session.nextDue);
      this.session.expire(this.now);
    }
    this.now = until;
  }

  /** All bytes that a side got. */
  got(leg: Side): Uint8Array {
    return concatBytes(...this.writesTo(leg).map(({ bytes }) => bytes));
  }

  writesTo(leg: Side): readonly Written[] {
    return this.writes.filter((write) => write.leg === leg);
  }

  numbers(leg: Side): readonly number[] {
    return numbersOf(this.got(leg));
  }

  /** Milliseconds after the beginning at which the server got each write. */
  times(leg: Side): readonly number[] {
    return this.writesTo(leg).map(({ at }) => (at - START) / MS);
  }
}

/** A permutation of 0 to `size` - 1. */
export function shuffled(size: number, seed: number): readonly number[] {
  const random = seededRandom(seed);
  return Array.from({ length: size }, (_, index) => ({ index, key: random.next() }))
    .toSorted((left, right) => left.key - right.key)
    .map(({ index }) => index);
}
