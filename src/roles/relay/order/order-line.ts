// Those that wait for their turn, in the order in which they came: a line of sections, each ended by a barrier.
import type { Standing } from './standing.ts';

export interface Waiting {
  readonly standing: Standing;
  /** Which section it stands in; the line's own. */
  section: number;
}

interface Section<T> {
  readonly strict: T[];
  /** How many of the strict ones have gone. */
  gone: number;
  readonly loose: Set<T>;
  /** What ends it. */
  barrier: T | null;
}

/** Strict ones that have gone are forgotten in portions. */
const PORTION = 1024;

export class OrderLine<T extends Waiting> {
  readonly #go: (item: T, now: number) => boolean;
  #sections: Section<T>[] = [newSection()];
  /** The number of the first section. */
  #first = 0;
  #size = 0;
  #isAtWork = false;
  #isAgain = false;

  /** `go` lets one go whose turn it is; false: it is not ready yet, and will be offered again. */
  constructor(go: (item: T, now: number) => boolean) {
    this.#go = go;
  }

  get size(): number {
    return this.#size;
  }

  add(item: T): void {
    const last = this.#sections.at(-1);
    if (last === undefined) return;
    item.section = this.#first + this.#sections.length - 1;
    this.#size += 1;
    switch (item.standing) {
      case 'strict':
        last.strict.push(item);
        return;
      case 'loose':
        last.loose.add(item);
        return;
      case 'barrier':
        last.barrier = item;
        this.#sections.push(newSection());
    }
  }

  /** One that may be ready by now: lets it go if it is its turn, and those that waited for it. */
  offer(item: T, now: number): void {
    if (item.section !== this.#first || this.#isAtWork) {
      // Whoever is at work looks at all once more.
      this.#isAgain ||= this.#isAtWork;
      return;
    }
    this.#work(item.standing === 'loose' ? [item] : [], now);
  }

  /** All may be ready by now. */
  offerAll(now: number): void {
    if (this.#isAtWork) this.#isAgain = true;
    else this.#work([...(this.#sections[0]?.loose ?? [])], now);
  }

  /** Nothing waits any more. */
  clear(): void {
    this.#first += this.#sections.length;
    this.#sections = [newSection()];
    this.#size = 0;
  }

  #work(loose: readonly T[], now: number): void {
    this.#isAtWork = true;
    this.#tryLoose(loose, now);
    while (this.#passSection(now));
    this.#isAtWork = false;
    if (!this.#isAgain) return;
    this.#isAgain = false;
    this.offerAll(now);
  }

  /** The strict ones of the first section, and its barrier once nothing is left before it; whether that has gone. */
  #passSection(now: number): boolean {
    const [section] = this.#sections;
    if (section === undefined) return false;
    const { strict, loose } = section;
    for (let next = strict[section.gone]; next !== undefined; next = strict[section.gone]) {
      if (!this.#go(next, now)) break;
      if (this.#sections[0] !== section) return false;
      section.gone += 1;
      this.#size -= 1;
    }
    if (section.gone >= PORTION || section.gone === strict.length) {
      strict.splice(0, section.gone);
      section.gone = 0;
    }
    const { barrier } = section;
    if (strict.length > 0 || loose.size > 0 || barrier === null) return false;
    if (!this.#go(barrier, now) || this.#sections[0] !== section) return false;
    this.#size -= 1;
    this.#first += 1;
    this.#sections.shift();
    const next = this.#sections.at(0);
    this.#tryLoose([...(next?.loose ?? [])], now);
    return true;
  }

  #tryLoose(items: readonly T[], now: number): void {
    for (const item of items) {
      const section = this.#sections[0];
      if (section?.loose.has(item) !== true || !this.#go(item, now)) continue;
      if (section.loose.delete(item) && this.#sections[0] === section) this.#size -= 1;
    }
  }
}

const newSection = <T>(): Section<T> => ({ strict: [], gone: 0, loose: new Set(), barrier: null });
