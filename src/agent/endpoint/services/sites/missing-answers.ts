import type { ServiceShortfall } from '../running-service.ts';

/** Requests of which nothing was recorded: counted, and the first of them kept. */
export class MissingAnswers {
  #count = 0;
  #first = '';

  add(method: string, url: string): void {
    this.#count += 1;
    if (this.#count === 1) this.#first = `${method} ${url}`;
  }

  shortfall(service: string): ServiceShortfall | null {
    if (this.#count === 0) return null;
    return {
      count: this.#count,
      what: `requests that no recording of "${service}" has an answer to: 404, the first to ${this.#first}`,
    };
  }
}
