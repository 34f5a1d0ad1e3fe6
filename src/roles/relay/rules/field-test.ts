import type { FieldTest } from '../../../model/relay.ts';
import type { Message } from '../../../wire/protocol/contract.ts';
import { compileTestValue } from './test-value.ts';

/** Whether any field that the path finds says any of the values; with `not`, whether none does. A field that is not there says nothing. */
export function compileFieldTest({ path, not, values }: FieldTest): (message: Message) => boolean {
  const questions = values.map(compileTestValue);
  return (message) => {
    for (const field of message.find(path))
      for (const isSaid of questions) if (isSaid(field, message.bytes)) return !not;
    return not;
  };
}
