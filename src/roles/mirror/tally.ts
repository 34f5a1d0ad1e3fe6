import type { CopyOutcome, MirrorStatistics, RefusalCause } from '../../model/mirror-record.ts';

/** What the sessions of a mirror count. */
export class Tally {
  seen = 0;
  open = 0;
  begun = 0;
  captured = 0;
  sent = 0;
  retransmitted = 0;
  answers = 0;
  strays = 0;
  leaked = 0;
  /** Bytes that wait for the target: of all sessions, and at most. */
  waiting = 0;
  mostWaiting = 0;
  readonly #refused = new Map<string, number>();
  readonly #endings = new Map<string, number>();
  readonly #bytes = { copied: 0, sent: 0, short: 0 };
  #whole = 0;
  #short = 0;
  #reopened = 0;
  #unanswered = 0;

  noteRefusal(cause: RefusalCause): void {
    count(this.#refused, cause);
  }

  noteWaiting(bytes: number): void {
    this.waiting += bytes;
    this.mostWaiting = Math.max(this.mostWaiting, this.waiting);
  }

  noteOutcome(outcome: CopyOutcome): void {
    count(this.#endings, outcome.ending);
    this.#bytes.copied += outcome.copied;
    this.#bytes.sent += outcome.sent;
    this.#bytes.short += outcome.short;
    this.#reopened += outcome.reopened;
    this.#unanswered += outcome.unanswered;
    if (outcome.short === 0) this.#whole += 1;
    else this.#short += 1;
  }

  snapshot(): MirrorStatistics {
    const { seen, open, begun, captured, sent, retransmitted, answers, strays, leaked } = this;
    return {
      sessions: { seen, open, refused: Object.fromEntries(this.#refused) },
      copies: {
        begun,
        whole: this.#whole,
        short: this.#short,
        endings: Object.fromEntries(this.#endings),
      },
      bytes: { ...this.#bytes, waiting: this.waiting, mostWaiting: this.mostWaiting },
      packets: { captured, sent, retransmitted, answers, strays, leaked },
      reopened: this.#reopened,
      unanswered: this.#unanswered,
    };
  }
}

const count = (counts: Map<string, number>, key: string): void =>
  void counts.set(key, (counts.get(key) ?? 0) + 1);
