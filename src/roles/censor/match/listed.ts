// Values of which any satisfies a condition: those written beside it and those of a list file.
import type { CensorList } from '../../../model/censor.ts';

/** Values that a condition names itself, and the list file that it names besides. */
export interface Listed {
  readonly values: readonly string[];
  /** Index into `CensorSpec.lists`. */
  readonly list?: number | undefined;
}

/** All of them as one text, one value a line; lines that begin with `#` are comments. */
export function textOf({ values, list }: Listed, lists: readonly CensorList[]): string {
  const own = values.join('\n');
  const read = list === undefined ? '' : (lists[list]?.text ?? '');
  if (own === '') return read;
  return read === '' ? own : `${own}\n${read}`;
}

/** The values of a text, without blank lines and comments. */
export const linesOf = (text: string): readonly string[] =>
  text
    .split('\n')
    .map((line) => line.trim())
    .filter((line) => line !== '' && !line.startsWith('#'));

/** Sets of values, each kept once however many rules name it. */
export class ListedSets {
  readonly sets: Listed[] = [];
  readonly #ids = new Map<string, number>();

  /** The id of a set: the same for equal ones. */
  idOf(set: Listed): number {
    const key = JSON.stringify([set.values, set.list]);
    const known = this.#ids.get(key);
    if (known !== undefined) return known;
    const id = this.sets.length;
    this.sets.push(set);
    this.#ids.set(key, id);
    return id;
  }
}
