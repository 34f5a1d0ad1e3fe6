import type { MatchCondition } from '../../../model/censor-match.ts';
import type { Look } from './look.ts';
import { isSeveral, readNumber } from './number-field.ts';
import type { Terms } from './terms.ts';
import { readTexts } from './text-field.ts';
import { compileTexts } from './text-pattern.ts';
import { describeMatch } from './words.ts';

/** What of the message a condition that is true has found, such as `tls.sni blocked.example`. */
export function findText(condition: MatchCondition, terms: Terms): (look: Look) => string {
  const { field } = condition;
  if ('names' in condition) return (look) => `${field} ${look.name}`;
  if ('patterns' in condition) {
    const matches = compileTexts(terms.valuesOf(condition.patterns, condition.list));
    return (look) => `${condition.field} ${readTexts(condition.field, look)?.find(matches)}`;
  }
  if ('ranges' in condition && condition.field !== 'model' && !isSeveral(condition.field)) {
    const number = condition.field;
    return (look) => `${number} ${readNumber(number, look)}`;
  }
  const words = describeMatch(condition);
  return () => words;
}
