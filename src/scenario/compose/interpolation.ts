// `$NAME` and `${NAME:-default}` in one text, as the Compose Specification has them (12-interpolation).
import { type Result, fail, ok } from '../../base/result.ts';

export interface Expansion {
  readonly text: string;
  /** Variables that are not set and for which nothing else was given. */
  readonly unset: readonly string[];
  /** Variables whose values are in the text. */
  readonly used: readonly string[];
}

export interface ExpansionFault {
  /** `required`: the text itself says that the variable must be set. */
  readonly kind: 'syntax' | 'required';
  readonly message: string;
}

/** Defaults within defaults. */
const MOST_DEPTH = 16;
const NAME = /[A-Za-z_][A-Za-z0-9_]*/y;
const OPERATOR = /:?[-?+]/y;

/** `limit` is how many characters the outcome may have. */
export function expandVariables(
  text: string,
  lookUp: (name: string) => string | undefined,
  limit: number,
): Result<Expansion, ExpansionFault> {
  const expander = new Expander(text, lookUp, limit);
  const expanded = expander.upTo('', 0, true);
  if (expander.fault !== undefined) return fail(expander.fault);
  return ok({ text: expanded, unset: expander.unset, used: [...expander.used] });
}

class Expander {
  fault: ExpansionFault | undefined;
  readonly unset: string[] = [];
  readonly used: Set<string> = new Set<string>();
  readonly #text: string;
  readonly #lookUp: (name: string) => string | undefined;
  readonly #limit: number;
  #at = 0;
  #length = 0;

  constructor(text: string, lookUp: (name: string) => string | undefined, limit: number) {
    this.#text = text;
    this.#lookUp = lookUp;
    this.#limit = limit;
  }

  /** Up to `end`, which is read over, or to the end of the text. What is not `live` is read and not looked up. */
  upTo(end: string, depth: number, live: boolean): string {
    let found = '';
    while (this.fault === undefined && this.#at < this.#text.length) {
      const char = this.#text.charAt(this.#at);
      this.#at += 1;
      if (char === end) return found;
      if (char !== '$') found += char;
      else found += this.#variable(depth, live);
    }
    if (end !== '') this.#fail('syntax', 'A "${" is not closed by "}"');
    return found;
  }

  #variable(depth: number, live: boolean): string {
    const next = this.#text.charAt(this.#at);
    if (next === '$') {
      this.#at += 1;
      return '$';
    }
    const isBraced = next === '{';
    if (isBraced) this.#at += 1;
    const name = this.#read(NAME);
    if (name === undefined)
      return this.#fail(
        'syntax',
        `Expected the name of a variable behind "${isBraced ? '${' : '$'}"`,
      );
    if (!isBraced) return this.#plain(name, live);
    if (this.#text.charAt(this.#at) === '}') {
      this.#at += 1;
      return this.#plain(name, live);
    }
    const operator = this.#read(OPERATOR);
    if (operator === undefined)
      return this.#fail('syntax', `Expected "}" or one of ":-", ":?", ":+" behind "\${${name}"`);
    if (depth >= MOST_DEPTH)
      return this.#fail('syntax', `More than ${MOST_DEPTH} variables within each other`);
    return this.#operation(name, operator, depth, live);
  }

  #operation(name: string, operator: string, depth: number, live: boolean): string {
    const value = this.#lookUp(name);
    const isThere = value !== undefined && (value !== '' || !operator.startsWith(':'));
    const isAlternative = operator.endsWith('+');
    const other = this.upTo('}', depth + 1, live && isThere === isAlternative);
    if (isAlternative) return isThere ? other : '';
    if (isThere) return this.#counted(name, value, live);
    if (operator.endsWith('-') || !live) return other;
    return this.#fail('required', other);
  }

  #plain(name: string, live: boolean): string {
    const value = this.#lookUp(name);
    if (value === undefined && live) this.unset.push(name);
    return this.#counted(name, value ?? '', live);
  }

  #counted(name: string, value: string, live: boolean): string {
    if (!live) return '';
    if (value !== '') this.used.add(name);
    this.#length += value.length;
    return this.#length > this.#limit ? this.#fail('syntax', 'The text grows too long') : value;
  }

  #read(pattern: RegExp): string | undefined {
    pattern.lastIndex = this.#at;
    const found = pattern.exec(this.#text)?.[0];
    this.#at += found?.length ?? 0;
    return found;
  }

  #fail(kind: ExpansionFault['kind'], message: string): string {
    this.fault ??= { kind, message };
    return '';
  }
}
