// Audit records and news on their way to the main thread: at once where little happens, and in batches where much does, for each of them
// wakes a thread. What it cannot take in time is counted, not kept.
import type { RelayAudit } from '../../model/relay.ts';
import type { RelayNews } from '../../model/relay-news.ts';
import { type RelayReply, SHARED, type WantedReports } from './order.ts';

/** Records that may be under way: a main thread that falls further behind would be buried in them. */
const LIMIT = 100_000;
/** Microseconds between two batches. */
const PAUSE = 10_000;

export class Outbox {
  readonly #shared: Int32Array;
  readonly #wanted: WantedReports;
  readonly #post: (reply: RelayReply) => void;
  #audits: string[] = [];
  #news: RelayNews[] = [];
  #posted = 0;
  #lost = { audits: 0, news: 0 };
  /** When the next batch may leave, microseconds since the epoch. */
  #notBefore = 0;

  constructor(shared: Int32Array, wanted: WantedReports, post: (reply: RelayReply) => void) {
    this.#shared = shared;
    this.#wanted = wanted;
    this.#post = post;
  }

  /** When `flush` has something to do; Infinity: never. */
  get nextDue(): number {
    return this.#waiting > 0 ? this.#notBefore : Infinity;
  }

  audit(record: RelayAudit): void {
    if (!this.#wanted.audits) return;
    if (this.#hasRoom)
      this.#audits.push(JSON.stringify({ ...record, time: Math.floor(record.time) }));
    else this.#lost.audits += 1;
  }

  tell(news: RelayNews): void {
    if (news.kind !== 'finding' && !this.#wanted.sessions) return;
    if (this.#hasRoom) this.#news.push(news);
    else this.#lost.news += 1;
  }

  /** Once a turn. */
  flush(now: number): void {
    const left = this.nextDue - now;
    // A clock that was set back would hold them for as long.
    if (left > 0 && (left <= PAUSE || left === Infinity)) return;
    this.#notBefore = now + PAUSE;
    this.end();
  }

  /** Nothing waits any more. */
  end(): void {
    const records = this.#audits.length;
    if (records > 0) {
      this.#posted += records;
      this.#post({ kind: 'audit', text: `${this.#audits.join('\n')}\n`, records });
      this.#audits = [];
    }
    if (this.#news.length > 0) {
      this.#posted += this.#news.length;
      this.#post({ kind: 'news', news: this.#news });
      this.#news = [];
    }
  }

  /** Says what was lost since it was last asked. */
  reportLosses(): void {
    const { audits, news } = this.#lost;
    if (audits > 0) this.#post({ kind: 'loss', count: audits, what: 'audit records' });
    if (news > 0) this.#post({ kind: 'loss', count: news, what: 'reports of sessions' });
    this.#lost = { audits: 0, news: 0 };
  }

  get #waiting(): number {
    return this.#audits.length + this.#news.length;
  }

  get #hasRoom(): boolean {
    const underWay = (this.#posted - Atomics.load(this.#shared, SHARED.taken)) | 0;
    return underWay + this.#waiting < LIMIT;
  }
}
