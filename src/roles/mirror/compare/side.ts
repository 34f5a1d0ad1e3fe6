// One server's part of a session: what it was asked, when, and what it answered.
import type { MirrorCompare } from '../../../model/mirror.ts';
import { BytesReader } from './bytes-reader.ts';
import type { TimedAnswer } from './difference.ts';
import { HttpReader } from './http-reader.ts';
import { PostgresReader } from './postgres-reader.ts';
import type { DialogueReader, ReaderOutput } from './reader.ts';

/** Requests that may wait for an answer. */
const LIMIT = 10_000;

/** A request and its answer. `place`: where the request's turn began in what the client said, and which of that turn it is. */
export interface Answered {
  readonly place: string;
  readonly asked: string;
  readonly answer: TimedAnswer;
}

interface Asked {
  readonly place: string;
  readonly asked: string;
  /** Microseconds. */
  readonly at: number;
}

export class Side {
  readonly #protocol: MirrorCompare['protocol'];
  readonly #tell: (answered: Answered) => void;
  #reader: DialogueReader;
  #asked: Asked[] = [];
  #turn = 0;
  #requests = 0;
  /** The first byte of the answer at hand, microseconds. */
  #since: number | null = null;

  constructor(protocol: MirrorCompare['protocol'], tell: (answered: Answered) => void) {
    this.#protocol = protocol;
    this.#tell = tell;
    this.#reader = createReader(protocol);
  }

  get fault(): string | null {
    return this.#reader.fault;
  }

  /** Bytes to the server, of the client's `turn`: how often it had spoken after an answer. */
  said(bytes: Uint8Array, turn: number, now: number): void {
    const opens = turn !== this.#turn;
    if (opens) this.#requests = 0;
    this.#reader.said(bytes, opens, this.#output(now, turn));
    this.#turn = turn;
  }

  answered(bytes: Uint8Array | null, length: number, now: number): void {
    this.#since ??= now;
    this.#last = now;
    this.#reader.answered(bytes, length, this.#output(now, this.#turn));
  }

  /** Requests that were not answered, when nothing more will come. */
  ended(now: number): readonly Pick<Asked, 'place' | 'asked'>[] {
    this.#reader.ended(this.#output(now, this.#turn));
    return this.#asked;
  }

  /** The server is spoken to in another connection: what it did not answer it will not. */
  restart(now: number): readonly Pick<Asked, 'place' | 'asked'>[] {
    const left = this.ended(now);
    this.#reader = createReader(this.#protocol);
    this.#asked = [];
    this.#since = null;
    this.#turn = 0;
    return left;
  }

  #last = 0;

  #output(now: number, turn: number): ReaderOutput {
    return {
      request: (asked) => {
        this.#requests += 1;
        if (this.#asked.length < LIMIT)
          this.#asked.push({ place: `${turn}.${this.#requests}`, asked, at: now });
      },
      answer: (answer) => {
        const asked = this.#asked.shift();
        const since = this.#since ?? now;
        this.#since = null;
        if (asked === undefined) return;
        const firstByte = Math.max(0, since - asked.at) / 1000;
        const lastByte = Math.max(0, this.#last - asked.at) / 1000;
        const { place } = asked;
        this.#tell({ place, asked: asked.asked, answer: { ...answer, firstByte, lastByte } });
      },
    };
  }
}

function createReader(protocol: MirrorCompare['protocol']): DialogueReader {
  switch (protocol) {
    case 'bytes':
      return new BytesReader();
    case 'http':
      return new HttpReader();
    case 'postgres':
      return new PostgresReader();
  }
}
