// Regular expressions of a script: whether they are any, and whether they end in good time on whatever comes.
import { isSafePattern } from 'redos-detector';
import type { Context } from '../../context.ts';
import type { Path } from '../../source/tree.ts';
import { quoted } from '../../text.ts';

export interface Regex {
  readonly source: string;
  readonly flags: string;
  /** Names of its groups. */
  readonly groups: readonly string[];
}

/** Steps of the search for backtracking: sound expressions need a few dozen. */
const STEPS = 400;
/** Ways in which an expression may fail at one place before it is given up. */
const BACKTRACKS = 200;

/** `expression` or `/expression/flags`. Undefined, with a report, when it cannot be. */
export function resolveRegex(context: Context, written: string, path: Path): Regex | undefined {
  const [, inner, letters = ''] = /^\/(.+)\/([a-z]*)$/s.exec(written) ?? [];
  const source = inner ?? written;
  const stray = /[^ims]/.exec(letters)?.[0];
  if (stray !== undefined) {
    context.report(
      'S154',
      path,
      `Expected the flags i, m and s after the expression, found "${stray}"`,
    );
    return undefined;
  }
  const flags = ['i', 'm', 's'].filter((letter) => letters.includes(letter)).join('');
  const fault = syntaxFault(source, flags);
  if (fault !== undefined) {
    context.report('S154', path, `${quoted(source)} is no regular expression: ${fault}`, {
      help: 'A character that has a meaning of its own is written with a backslash: "\\("',
    });
    return undefined;
  }
  if (source === '' || new RegExp(source, flags).test('')) {
    context.report('S154', path, `The regular expression ${quoted(source)} matches an empty text`, {
      help: 'It holds before anything has come: let it end in what is waited for',
      severity: 'warning',
    });
  }
  if (isExplosive(source, flags)) {
    context.report(
      'S154',
      path,
      `The regular expression ${quoted(source)} may take for ever: it can match the same text in too many ways`,
      {
        help: 'Let each repeated part exclude what follows it: "[^\\n]*\\n" for ".*\\n", "(ab)+" for "(a*b*)+"',
      },
    );
    return undefined;
  }
  return { source, flags, groups: groupNames(source) };
}

function syntaxFault(source: string, flags: string): string | undefined {
  try {
    new RegExp(source, flags);
    return undefined;
  } catch (error) {
    const text = error instanceof Error ? error.message : String(error);
    return text.slice(text.lastIndexOf(': ') + 2);
  }
}

/** Repetition without an end, or with one that is far. */
const REPEATED = /(?<!\\)(?:[*+]|\{\d+,(?:\d{3,})?\})/g;

/**
 * Whether failing at one place can take more than a time in proportion to the text. What is matched begins anew at each
 * place, so that it is judged as if it were bound to one.
 */
function isExplosive(source: string, flags: string): boolean {
  const repeated = source.match(REPEATED)?.length ?? 0;
  // One repetition that is not within another has as many ways as the text has characters.
  if (repeated === 0 || (repeated === 1 && !/\)\s*(?:[*+]|\{)/.test(source))) return false;
  const unnamed = source.replace(/\(\?<(?![=!])[^>]*>/g, '(').replace(/\\k<[^>]*>/g, '');
  return !isSafePattern(`^(?:${unnamed})`, {
    caseInsensitive: flags.includes('i'),
    dotAll: flags.includes('s'),
    multiLine: flags.includes('m'),
    maxSteps: STEPS,
    maxScore: BACKTRACKS,
    // By the clock, one file would be judged in two ways.
    timeout: Infinity,
  }).safe;
}

const groupNames = (source: string): readonly string[] =>
  [...source.matchAll(/(?<!\\)(?:\\\\)*\(\?<(?![=!])([^>]+)>/g)].map(([, name = '']) => name);
