// News on its way to the main thread, in batches, for each of them wakes a thread. What it cannot take in time is counted, not kept.
import type { MirrorNews } from '../../../model/mirror-record.ts';
import { type MirrorReply, SHARED } from '../order.ts';

/** News that may be under way: a main thread that falls further behind would be buried in it. */
const LIMIT = 100_000;
/** Microseconds between two batches. */
const PAUSE = 10_000;

export class NewsBox {
  /** That found no room. */
  lost = 0;
  readonly #shared: Int32Array;
  readonly #post: (reply: MirrorReply) => void;
  #news: MirrorNews[] = [];
  #posted = 0;
  /** When the next batch may leave, microseconds since the epoch. */
  #notBefore = 0;

  constructor(shared: Int32Array, post: (reply: MirrorReply) => void) {
    this.#shared = shared;
    this.#post = post;
  }

  /** When `flush` has something to do; Infinity: never. */
  get nextDue(): number {
    return this.#news.length > 0 ? this.#notBefore : Infinity;
  }

  tell(news: MirrorNews): void {
    const underWay = (this.#posted - Atomics.load(this.#shared, SHARED.taken)) | 0;
    if (underWay + this.#news.length < LIMIT) this.#news.push(news);
    else this.lost += 1;
  }

  /** Once a turn. */
  flush(now: number): void {
    if (this.nextDue > now) return;
    this.#notBefore = now + PAUSE;
    this.end();
  }

  /** Nothing waits any more. */
  end(): void {
    if (this.#news.length === 0) return;
    this.#posted += this.#news.length;
    this.#post({ kind: 'news', news: this.#news });
    this.#news = [];
  }
}
