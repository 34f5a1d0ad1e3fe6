// A condition as a question to a look: true, false, or unknown where the packet does not have what it is over.
import type {
  FactCondition,
  MatchCondition,
  NameCondition,
  NumberCondition,
  PrefixCondition,
  WordCondition,
} from '../../../model/censor-match.ts';
import { unreachable } from '../../../base/invariant.ts';
import { flagBits } from '../flag-bits.ts';
import { compileBytes } from './bytes-condition.ts';
import { readFact } from './fact-field.ts';
import type { Look } from './look.ts';
import { compileModel } from './model-condition.ts';
import { isSeveral, readNumber, readNumbers } from './number-field.ts';
import { compileRanges } from './number-range.ts';
import { comparePorts } from './port-order.ts';
import { compileRegex } from './regex-condition.ts';
import { compileShare } from './share.ts';
import type { Terms } from './terms.ts';
import { readTexts } from './text-field.ts';
import { compileTexts } from './text-pattern.ts';
import { type Truth, UNKNOWN, truthOf } from './truth.ts';
import { readWord } from './word-field.ts';

export type Test = (look: Look) => Truth;

export function compileCondition(condition: MatchCondition, terms: Terms): Test {
  if ('prefixes' in condition) return compilePrefixes(condition, terms);
  if ('names' in condition) return compileNames(condition, terms);
  if ('patterns' in condition) {
    const { field } = condition;
    const matches = compileTexts(terms.valuesOf(condition.patterns, condition.list));
    return (look) => {
      const texts = readTexts(field, look);
      return texts === null ? UNKNOWN : truthOf(texts.some(matches));
    };
  }
  if (condition.field === 'model') return compileModel(condition, terms.evaluator);
  if ('ranges' in condition) return compileNumber(condition);
  if ('words' in condition) return compileWords(condition, terms);
  if ('value' in condition) return compileFact(condition);
  switch (condition.field) {
    case 'tcp.flags':
      return compileFlags(condition.set, condition.clear);
    case 'payload.bytes':
      return compileBytes(condition);
    case 'payload.regex':
    case 'http.regex':
      return compileRegex(condition);
    case 'ports':
      return ({ head }) => comparePorts(condition.order, head);
    case 'share':
      return compileShare(condition, terms.seed);
    default:
      return unreachable(condition, 'condition');
  }
}

function compilePrefixes(condition: PrefixCondition, terms: Terms): Test {
  const set = terms.prefixes.idOf({ values: condition.prefixes, list: condition.list });
  switch (condition.field) {
    case 'ip.src':
      return (look) => truthOf(look.sourceSets.has(set));
    case 'ip.dst':
      return (look) => truthOf(look.destinationSets.has(set));
    case 'ip.addr':
      return (look) => truthOf(look.sourceSets.has(set) || look.destinationSets.has(set));
    default:
      return unreachable(condition.field, 'prefix field');
  }
}

const NAMED = { 'dns.qname': 'dns', 'http.host': 'http', 'tls.sni': 'tls', 'quic.sni': 'quic' };

function compileNames(condition: NameCondition, terms: Terms): Test {
  const set = terms.names.idOf({ values: condition.names, list: condition.list });
  const layer = NAMED[condition.field];
  return (look) =>
    look.message?.layer !== layer || look.name === null ? UNKNOWN : truthOf(look.nameSets.has(set));
}

function compileFlags(set: readonly string[], clear: readonly string[]): Test {
  const wanted = flagBits(set);
  const unwanted = flagBits(clear);
  return ({ view }) =>
    view.isTcp
      ? truthOf((view.flags & wanted) === wanted && (view.flags & unwanted) === 0)
      : UNKNOWN;
}

function compileNumber({ field, ranges }: NumberCondition): Test {
  const isIn = compileRanges(ranges);
  if (isSeveral(field))
    return (look) => {
      const values = readNumbers(field, look);
      return values === null ? UNKNOWN : truthOf(values.some(isIn));
    };
  return (look) => {
    const value = readNumber(field, look);
    return Number.isNaN(value) ? UNKNOWN : truthOf(isIn(value));
  };
}

function compileFact({ field, value }: FactCondition): Test {
  return (look) => {
    const fact = readFact(field, look);
    return fact === null ? UNKNOWN : truthOf(fact === value);
  };
}

function compileWords({ field, words }: WordCondition, terms: Terms): Test {
  return (look) => {
    const word = readWord(field, look, terms.insideSet);
    return word === null ? UNKNOWN : truthOf(words.includes(word));
  };
}
