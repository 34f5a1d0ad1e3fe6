// What the receivers of mutated messages answer, in one session. An answer is a finding unless messages of the same type that nobody has
// mutated are answered so as well.
import type { Mutation, RelayFinding, SpeechlessAnswer } from '../../../model/relay.ts';
import type { Message, Protocol, Side } from '../../../wire/protocol/contract.ts';
import { otherSide } from '../hook.ts';
import type { Seat } from '../seat.ts';

/** A message that its receiver may answer. */
interface Asked {
  readonly id: string | null;
  /** As it came. */
  readonly type: string;
  readonly message: number;
  /** Null: it left as it came. */
  readonly mutation: Mutation | null;
  /** Types of its answers; empty: it needs none. */
  readonly replies: readonly string[];
  /** Microseconds since the epoch. */
  readonly due: number;
}

export interface WitnessOptions {
  readonly session: number;
  readonly protocol: Protocol;
  /** Microseconds that a receiver has to answer. */
  readonly patience: number;
  /** Answers of messages that nobody has mutated, with their types: of all sessions. */
  readonly usual: Set<string>;
  readonly report: (finding: RelayFinding) => void;
}

/** Messages of one direction that are remembered. */
const LIMIT = 1024;
const NONE: readonly string[] = [];

export class Witness {
  readonly #options: WitnessOptions;
  /** By receiver, in the order in which they were sent. */
  #asked: Readonly<Record<Side, Asked[]>> = { client: [], server: [] };
  #hasEnded = false;

  constructor(options: WitnessOptions) {
    this.#options = options;
  }

  get nextDue(): number {
    const { client, server } = this.#asked;
    return Math.min(client[0]?.due ?? Infinity, server[0]?.due ?? Infinity);
  }

  /** A message leaves to the other side. */
  sent(from: Side, seat: Pick<Seat, 'type' | 'message' | 'bytes' | 'mutation'>, now: number): void {
    const { protocol, patience } = this.#options;
    const { answers } = protocol.spec;
    const { mutation, message, bytes } = seat;
    if (this.#hasEnded || (answers === undefined && mutation === null)) return;
    const type = mutation?.type ?? seat.type;
    const id = answers === undefined ? null : textAt(protocol.read(bytes, from), answers.id);
    const replies = answers?.replies[type] ?? NONE;
    const asked = this.#asked[otherSide(from)];
    asked.push({ id, type, message, mutation, replies, due: now + patience });
    if (asked.length > LIMIT) asked.shift();
  }

  /** A message has come from a side, which may be its answer to one that it got. */
  came(from: Side, bytes: Uint8Array): void {
    const { protocol } = this.#options;
    const { answers } = protocol.spec;
    const asked = this.#asked[from];
    if (answers === undefined || asked.length === 0) return;
    const type = protocol.typeOf(bytes, from);
    const words = answers.errors[type];
    const mayBeOf = asked.filter(({ replies }) => words !== undefined || replies.includes(type));
    if (mayBeOf.length === 0) return;
    const message = protocol.read(bytes, from);
    const id = textAt(message, answers.id);
    const all = mayBeOf.filter((one) => one.id === id);
    const answered = all.find(({ mutation }) => mutation !== null) ?? all[0];
    if (answered === undefined) return;
    asked.splice(asked.indexOf(answered), 1);
    if (words !== undefined)
      this.#note(answered, [type, ...words.map((path) => textAt(message, path) ?? '')].join(' '));
  }

  /** A side has ended its connection. What the other does then is no answer of its own. */
  ended(side: Side, how: Exclude<SpeechlessAnswer, 'silence'>, now: number): void {
    if (this.#hasEnded) return;
    this.#hasEnded = true;
    const last = this.#asked[side].findLast(({ mutation }) => mutation !== null);
    this.#asked = { client: [], server: [] };
    if (last !== undefined && last.due >= now) this.#note(last, how);
  }

  expire(now: number): void {
    for (const asked of [this.#asked.client, this.#asked.server])
      for (let first = asked[0]; first !== undefined && first.due <= now; first = asked[0]) {
        asked.shift();
        if (first.replies.length > 0) this.#note(first, 'silence');
      }
  }

  #note({ type, message, mutation }: Asked, answer: string): void {
    const { usual, session, report } = this.#options;
    const known = `${type} ${answer}`;
    if (mutation === null) usual.add(known);
    else if (!usual.has(known)) report({ session, message, mutation, answer });
  }
}

/** The word of a field, or its value. */
function textAt(message: Message, path: string): string | null {
  const [field] = message.glance(path);
  return field === undefined ? null : (field.word ?? String(field.value));
}
