import { type Flow, RULE_OVER } from '../state/flow.ts';
import type { RuleBook } from './rule-book.ts';
import { isOver } from './rule-limit.ts';
import type { RuleSet } from './rule-set.ts';

/** The rules of one direction that can match a packet after the one at hand. `isRead`: whether messages of the client are still looked for. */
export function remainingRules(
  flow: Flow,
  book: RuleBook,
  isForward: boolean,
  isRead: boolean,
  now: number,
): RuleSet {
  let rules = isForward ? flow.forwardRules : flow.reverseRules;
  if (!isRead) rules = rules.unread();
  const { ruleMarks, progress } = flow;
  if (ruleMarks !== null)
    for (const index of ruleMarks.indexesOf(RULE_OVER)) {
      const rule = book.rules[index];
      if (rule !== undefined) rules = rules.without(rule);
    }
  if (progress !== null)
    for (const limit of rules.limits)
      if (isOver(limit, progress, isForward, now)) rules = rules.past(limit);
  return rules;
}
