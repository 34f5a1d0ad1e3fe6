// JSON (RFC 8259) as values that know where they were written.
import { type Result, fail, ok } from '../../base/result.ts';
import type { Span } from '../../base/diagnostic.ts';
import { Positions } from '../source/positions.ts';
import type { MapEntry, Tree } from '../source/tree.ts';

/** Maps and lists within each other. */
const MOST_DEPTH = 64;

export interface JsonFault {
  readonly message: string;
  readonly span: Span;
}

/** Whether an inventory's text is JSON: all else is INI, whose sections begin with a bracket too. */
export const isJson = (text: string): boolean => /^\s*(?:\{|\[\s*[\]{["\d])/.test(text);

/** The one value of a text, or the first thing that is wrong with it. Of two keys of one name the later counts. */
export function readJson(file: string, text: string): Result<Tree, JsonFault> {
  const reader = new Reader(file, text);
  try {
    return ok(reader.document());
  } catch (error) {
    if (error instanceof Stop) return fail(error.fault);
    throw error;
  }
}

class Stop extends Error {
  readonly fault: JsonFault;

  constructor(fault: JsonFault) {
    super(fault.message);
    this.fault = fault;
  }
}

/** RFC 8259 section 7: control characters are escaped. */
// eslint-disable-next-line no-control-regex -- control characters are what is sought
const STRING = /"(?:[^"\\\u0000-\u001f]|\\(?:["\\/bfnrt]|u[0-9A-Fa-f]{4}))*"/y;
const NUMBER = /-?(?:0|[1-9]\d*)(?:\.\d+)?(?:[eE][+-]?\d+)?/y;
const WORDS = { true: true, false: false, null: null } as const;

class Reader {
  readonly #text: string;
  readonly #positions: Positions;
  #at = 0;

  constructor(file: string, text: string) {
    this.#text = text;
    this.#positions = new Positions(file, text);
  }

  document(): Tree {
    const tree = this.#value(0);
    this.#blanks();
    if (this.#at < this.#text.length) this.#stop('Expected nothing behind the JSON value');
    return tree;
  }

  #value(depth: number): Tree {
    this.#blanks();
    if (depth > MOST_DEPTH)
      this.#stop(`Expected at most ${MOST_DEPTH} maps and lists within each other`);
    const start = this.#at;
    const char = this.#text.charAt(start);
    if (char === '{') return this.#map(start, depth);
    if (char === '[') return this.#list(start, depth);
    if (char === '"') {
      const value = this.#string();
      return { kind: 'scalar', span: this.#span(start), value };
    }
    for (const [word, value] of Object.entries(WORDS))
      if (this.#text.startsWith(word, start)) {
        this.#at += word.length;
        const source = value === null ? {} : { source: word };
        return { kind: 'scalar', span: this.#span(start), value, ...source };
      }
    const source = this.#match(NUMBER);
    if (source === undefined) return this.#stop('Expected a JSON value');
    return { kind: 'scalar', span: this.#span(start), value: Number(source), source };
  }

  #map(start: number, depth: number): Tree {
    const entries = new Map<string, MapEntry>();
    this.#at += 1;
    for (let isFirst = true; !this.#ends('}', isFirst); isFirst = false) {
      const keyStart = this.#at;
      if (this.#text.charAt(keyStart) !== '"') this.#stop('Expected a key in quotes');
      const key = this.#string();
      const keySpan = this.#span(keyStart);
      this.#blanks();
      if (this.#text.charAt(this.#at) !== ':') this.#stop('Expected ":" behind the key');
      this.#at += 1;
      const value = this.#value(depth + 1);
      // A key of this name would reach the prototype of what is made of the map.
      if (key !== '__proto__') entries.set(key, { keySpan, value });
    }
    return { kind: 'map', span: this.#span(start), entries };
  }

  #list(start: number, depth: number): Tree {
    const items: Tree[] = [];
    this.#at += 1;
    for (let isFirst = true; !this.#ends(']', isFirst); isFirst = false)
      items.push(this.#value(depth + 1));
    return { kind: 'list', span: this.#span(start), items };
  }

  /** Passes the end of a map or list, or the comma before its next part. */
  #ends(close: '}' | ']', isFirst: boolean): boolean {
    this.#blanks();
    if (this.#text.charAt(this.#at) === close) {
      this.#at += 1;
      return true;
    }
    if (isFirst) return false;
    if (this.#text.charAt(this.#at) !== ',') this.#stop(`Expected "," or "${close}"`);
    this.#at += 1;
    this.#blanks();
    return false;
  }

  #string(): string {
    const source = this.#match(STRING);
    if (source === undefined) return this.#stop('Expected a text that ends on its line');
    const value: unknown = JSON.parse(source);
    return typeof value === 'string' ? value : '';
  }

  #match(pattern: RegExp): string | undefined {
    pattern.lastIndex = this.#at;
    const [source] = pattern.exec(this.#text) ?? [];
    if (source === undefined) return undefined;
    this.#at += source.length;
    return source;
  }

  #blanks(): void {
    while (/[ \t\r\n]/.test(this.#text.charAt(this.#at))) this.#at += 1;
  }

  #span(start: number): Span {
    return this.#positions.span(start, this.#at);
  }

  #stop(message: string): never {
    const end = this.#at >= this.#text.length;
    throw new Stop({
      message: end ? `${message}, found the end` : message,
      span: this.#positions.span(this.#at, this.#at + 1),
    });
  }
}
