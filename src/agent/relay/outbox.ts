// Audit records and news on their way to the main thread, a batch a turn. What it cannot take in time is counted, not kept.
import type { RelayAudit } from '../../model/relay.ts';
import type { RelayNews } from '../../model/relay-news.ts';
import { type RelayReply, SHARED } from './order.ts';

/** Records that may be under way: a main thread that falls further behind would be buried in them. */
const LIMIT = 100_000;

export class Outbox {
  readonly #shared: Int32Array;
  readonly #post: (reply: RelayReply) => void;
  #audits: string[] = [];
  #news: RelayNews[] = [];
  #posted = 0;
  #lost = { audits: 0, news: 0 };

  constructor(shared: Int32Array, post: (reply: RelayReply) => void) {
    this.#shared = shared;
    this.#post = post;
  }

  audit(record: RelayAudit): void {
    if (this.#hasRoom)
      this.#audits.push(JSON.stringify({ ...record, time: Math.floor(record.time) }));
    else this.#lost.audits += 1;
  }

  tell(news: RelayNews): void {
    if (this.#hasRoom) this.#news.push(news);
    else this.#lost.news += 1;
  }

  flush(): void {
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

  get #hasRoom(): boolean {
    const underWay = (this.#posted - Atomics.load(this.#shared, SHARED.taken)) | 0;
    return underWay + this.#audits.length + this.#news.length < LIMIT;
  }
}
