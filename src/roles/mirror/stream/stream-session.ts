// A session that is copied by connections: what its client says is counted and told, and both servers' answers are told apart. It owns no
// socket: whoever carries it says how much of it the target has acknowledged.
import type { CopyEnding } from '../../../model/mirror-record.ts';
import type { MirrorPort, Words } from '../mirror-port.ts';
import { NO_WORDS } from '../no-words.ts';
import type { Tally } from '../tally.ts';

export interface StreamSessionParts {
  /** Of the mirror, counted from 1: of sessions, and of copies. */
  readonly number: number;
  readonly copy: number;
  /** Its address with its port. */
  readonly client: string;
  readonly compares: boolean;
  readonly tally: Tally;
  readonly port: Pick<MirrorPort, 'tell' | 'heard'>;
}

export class StreamSession {
  /** Bytes that the client said. */
  copied = 0;
  readonly #parts: StreamSessionParts;
  #turn = 0;
  /** What is said first begins a turn too. */
  #hasAnswered = true;
  #failure: { readonly ending: CopyEnding; readonly detail: string; readonly sent: number } | null =
    null;
  #isOver = false;

  constructor(parts: StreamSessionParts) {
    this.#parts = parts;
  }

  /** Whether what the client says still goes to the target. */
  get isCopied(): boolean {
    return this.#failure === null && !this.#isOver;
  }

  /** `as`: the copy's own end, as the target sees it; empty where it has none. */
  opened(as: string, now: number): void {
    const { copy, client, port } = this.#parts;
    port.tell({
      kind: 'opened',
      time: now,
      copy,
      client,
      as: as === '' ? client : as,
      isWhole: true,
    });
  }

  /** Gives the turn that these bytes are of: how often the client had spoken after an answer. */
  fromClient(bytes: Uint8Array, now: number): number {
    this.copied += bytes.length;
    if (this.#hasAnswered) this.#turn += 1;
    this.#hasAnswered = false;
    this.#hear('client', bytes, now, this.#turn);
    return this.#turn;
  }

  /** Bytes of the client are said to the target. */
  said(bytes: Uint8Array, turn: number, now: number): void {
    this.#hear('copy', bytes, now, turn);
  }

  fromOnline(bytes: Uint8Array, now: number): void {
    this.#hasAnswered = true;
    this.#hear('online', bytes, now);
  }

  fromTarget(bytes: Uint8Array, now: number): void {
    if (this.isCopied) this.#hear('target', bytes, now);
  }

  /** The copy is over before its client: `sent` is what the target had acknowledged by then. */
  fail(ending: CopyEnding, detail: string, sent: number, now: number): void {
    if (!this.isCopied) return;
    this.#failure = { ending, detail, sent };
    this.#parts.port.tell({ kind: 'failed', time: now, copy: this.#parts.copy, ending, detail });
  }

  /** The client has said all. `ending` and `sent` are those of a copy that had not failed. */
  end(ending: CopyEnding, sent: number, now: number): void {
    if (this.#isOver) return;
    const { copy, tally, port } = this.#parts;
    const { ending: how, detail, sent: had } = this.#failure ?? { ending, detail: '', sent };
    this.#isOver = true;
    this.#tell('target', { isEnd: true }, now);
    const outcome = {
      ...{ ending: how, detail, copied: this.copied, sent: had, short: this.copied - had },
      ...{ reopened: 0, retransmitted: 0, unanswered: 0 },
    };
    tally.open -= 1;
    tally.noteOutcome(outcome);
    port.tell({ kind: 'ended', time: now, copy, ...outcome });
  }

  #hear(from: Words['from'], bytes: Uint8Array, now: number, turn = 0): void {
    this.#tell(from, { bytes, length: bytes.length, turn }, now);
  }

  #tell(from: Words['from'], words: Partial<Words>, now: number): void {
    const { compares, number, copy, port } = this.#parts;
    if (!compares) return;
    const which = from === 'copy' || from === 'target' ? copy : 0;
    port.heard({ ...NO_WORDS, ...words, session: number, copy: which, from, time: now });
  }
}
