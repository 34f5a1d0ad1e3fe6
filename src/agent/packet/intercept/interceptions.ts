import { Interceptor } from '../../../roles/intercept/interceptor.ts';
import type { InterceptionNews } from '../../../roles/intercept/words.ts';

/** The connections that a lab's censors have taken over, and what there is to tell of them to the main thread: a turn's at a time. */
export class Interceptions {
  readonly interceptor: Interceptor = new Interceptor((news) => this.#news.push(news));
  #news: InterceptionNews[] = [];

  /** Takes out what there is to tell. */
  take(): readonly InterceptionNews[] {
    if (this.#news.length === 0) return NONE;
    const news = this.#news;
    this.#news = [];
    return news;
  }
}

const NONE: readonly InterceptionNews[] = [];
