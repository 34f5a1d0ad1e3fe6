import { type Result, fail, ok } from '../base/result.ts';
import type { TraceSwitch } from './tunnel.ts';

export interface SwitchFault {
  /** Of the text, from 1; null where it is meant as a whole. */
  readonly line: number | null;
  /** `Expected …, found …`. */
  readonly message: string;
}

const MOST_SWITCHES = 1_000_000;

/**
 * Reads what is switched when: a line each of milliseconds since the beginning, in order, and the path from then on, by its name or by its number
 * in `paths`, from 1. `#` begins a comment.
 */
export function readSwitches(
  text: string,
  paths: readonly string[],
): Result<readonly TraceSwitch[], SwitchFault> {
  const switches: TraceSwitch[] = [];
  for (const { line, words } of writtenLines(text)) {
    const refuse = (wish: string, found: string): Result<never, SwitchFault> =>
      fail({ line, message: `Expected ${wish}, found ${JSON.stringify(found)}` });
    const { at, path } = partsOf(words);
    if (path === '')
      return refuse(`milliseconds and a path such as "200 ${paths[1] ?? paths[0] ?? '1'}"`, words);
    const to = paths.includes(path) ? path : paths[numberOf(path) - 1];
    if (to === undefined) return refuse(wishedPath(paths), path);
    if (at < (switches.at(-1)?.at ?? 0)) return refuse('times in their order', words);
    switches.push({ at, to });
  }
  if (switches.length > 0 && switches.length <= MOST_SWITCHES) return ok(switches);
  const message = `Expected from 1 to ${MOST_SWITCHES} switches, found ${switches.length}`;
  return fail({ line: null, message });
}

/** The names of paths in such a text, sorted; numbers are none. */
export function switchedNames(text: string): string[] {
  const names = new Set([...writtenLines(text)].map(({ words }) => partsOf(words).path));
  names.delete('');
  return [...names].filter((name) => numberOf(name) === 0).sort();
}

const wishedPath = (paths: readonly string[]): string =>
  paths[0] === '1'
    ? `a path from 1 to ${paths.length}`
    : `one of ${paths.join(', ')}, or its number`;

function* writtenLines(text: string): Generator<{ line: number; words: string }> {
  for (const [index, line] of text.split('\n').entries()) {
    const words = line.replace(/#.*/, '').trim();
    if (words !== '') yield { line: index + 1, words };
  }
}

/** No path where the line is none of a switch. */
function partsOf(words: string): { readonly at: number; readonly path: string } {
  const [, at = '', path = ''] = /^(\d{1,9}(?:\.\d{1,3})?)[\s,]+(\S+)$/.exec(words) ?? [];
  return { at: Number(at), path };
}

const numberOf = (path: string): number => (/^[1-9]\d{0,5}$/.test(path) ? Number(path) : 0);
