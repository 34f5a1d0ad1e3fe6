import type { RegexCondition } from '../../../model/censor-match.ts';
import type { Look } from './look.ts';
import { type Truth, UNKNOWN, truthOf } from './truth.ts';

/** Sources that could take long were refused with the scenario; here they are only asked, over one character a byte. */
export function compileRegex({ field, source, flags }: RegexCondition): (look: Look) => Truth {
  // With either of these an expression remembers where it stopped, and would miss every other packet.
  const expression = new RegExp(source, flags.replace(/[gy]/g, ''));
  return ({ payload, message }) => {
    const text =
      field === 'payload.regex'
        ? payload.text
        : message?.layer === 'http'
          ? message.head.text
          : null;
    return text === null ? UNKNOWN : truthOf(expression.test(text));
  };
}
