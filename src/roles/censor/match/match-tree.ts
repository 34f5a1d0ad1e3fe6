import type { Match, MatchCondition } from '../../../model/censor-match.ts';
import { type Test, compileCondition } from './condition.ts';
import { findText } from './found-text.ts';
import { layerOfField } from './layer.ts';
import type { Look } from './look.ts';
import type { Terms } from './terms.ts';
import { FALSE, TRUE, type Truth, negate } from './truth.ts';
import { describeMatch } from './words.ts';

/** A match as a question to a look. */
export interface MatchTree {
  readonly test: Test;
  /** Adds what of the message makes it true, such as `tls.sni blocked.example`; only where `test` is true. */
  readonly tell: (look: Look, into: string[]) => void;
}

export function compileMatch(match: Match, terms: Terms): MatchTree {
  if ('all' in match)
    return joinAll(match.all.toSorted(byCost).map((part) => compileMatch(part, terms)));
  if ('any' in match) return joinAny(match.any.map((part) => compileMatch(part, terms)));
  if ('not' in match) {
    const { test } = compileMatch(match.not, terms);
    const words = `not (${describeMatch(match.not)})`;
    return { test: (look) => negate(test(look)), tell: (_, into) => into.push(words) };
  }
  const test = compileCondition(match, terms);
  if (layerOfField(match.field) === null) return { test, tell: () => undefined };
  const find = findText(match, terms);
  return { test, tell: (look, into) => into.push(find(look)) };
}

function joinAll(parts: readonly MatchTree[]): MatchTree {
  const tests = parts.map(({ test }) => test);
  const tell = (look: Look, into: string[]): void => {
    for (const part of parts) part.tell(look, into);
  };
  const [only] = tests;
  if (only !== undefined && tests.length === 1) return { test: only, tell };
  return {
    test: (look) => {
      let least: Truth = TRUE;
      for (const test of tests) {
        const truth = test(look);
        if (truth === FALSE) return FALSE;
        if (truth < least) least = truth;
      }
      return least;
    },
    tell,
  };
}

function joinAny(parts: readonly MatchTree[]): MatchTree {
  const tests = parts.map(({ test }) => test);
  return {
    test: (look) => {
      let greatest: Truth = FALSE;
      for (const test of tests) {
        const truth = test(look);
        if (truth === TRUE) return TRUE;
        if (truth > greatest) greatest = truth;
      }
      return greatest;
    },
    tell: (look, into) => parts.find(({ test }) => test(look) === TRUE)?.tell(look, into),
  };
}

/** What is cheap is asked first: the answer is the same, and the dear part is often spared. */
const byCost = (left: Match, right: Match): number => costOf(left) - costOf(right);

function costOf(match: Match): number {
  if ('all' in match) return Math.max(0, ...match.all.map(costOf));
  if ('any' in match) return Math.max(0, ...match.any.map(costOf));
  return 'not' in match ? costOf(match.not) : costOfField(match.field);
}

function costOfField(field: MatchCondition['field']): number {
  if (field === 'model') return 4;
  if (field.endsWith('.regex') || field.endsWith('.ja4')) return 3;
  return field.startsWith('payload.') && field !== 'payload.length' ? 2 : 1;
}
