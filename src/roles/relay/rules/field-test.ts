import type { FieldTest } from '../../../model/relay.ts';
import type { Message } from '../../../wire/protocol/contract.ts';
import { compileTestValue } from './test-value.ts';

/** A message of which something is asked. */
export interface Asked {
  /** Always the same. */
  read(): Message;
  /** Whether it is asked for one field alone: what lies behind need not be read. */
  readonly isAskedOnce: boolean;
  /** A field that was looked for is not there. */
  miss(): void;
}

/** Whether any field that the path finds says any of the values; with `not`, whether none does. A field that is not there says nothing. */
export function compileFieldTest({ path, not, values }: FieldTest): (asked: Asked) => boolean {
  const questions = values.map(compileTestValue);
  return (asked) => {
    const message = asked.read();
    const fields = asked.isAskedOnce ? message.glance(path) : message.find(path);
    if (fields.length === 0) asked.miss();
    for (const field of fields)
      for (const isSaid of questions) if (isSaid(field, message.bytes)) return !not;
    return not;
  };
}
