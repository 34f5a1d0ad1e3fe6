import { Fault } from '../../base/fault.ts';
import { LONGEST_TIMER, parseMillis } from '../../base/units.ts';
import type { Input } from '../verb.ts';

/** Milliseconds; 0 without the option. Seconds may go without their unit, as mice endpoints have them. */
export function readPlayTime(input: Input): number {
  const text = input.text('replay-for');
  if (text === undefined) return 0;
  const parsed = parseMillis(/^\d+(\.\d+)?$/.test(text) ? `${text}s` : text);
  if (parsed.ok && parsed.value <= LONGEST_TIMER) return parsed.value;
  if (parsed.ok)
    throw new Fault(
      'usage',
      `Expected at most ${LONGEST_TIMER} ms in ${input.origin('replay-for')}, found ${JSON.stringify(text)}`,
      { help: 'That is almost 25 days; start it again for more' },
    );
  throw new Fault(
    'usage',
    `Expected seconds or a duration in ${input.origin('replay-for')}, found ${JSON.stringify(text)}`,
    { help: 'Write --replay-for 3 or --replay-for 1500ms; 0 plays once' },
  );
}
