// Mutations as a scenario writes them, under `only` of `fuzz`.
import type { FieldEdit, ListEdit, Mutation } from '../../model/relay.ts';
import { type Block, type Value, blockOf } from '../write/yaml-value.ts';

/** A fuzzer that does these alone. */
export const onlyBlock = (mutation: Mutation, answerTimeout: number): Block =>
  blockOf({
    at: mutation.at,
    answerTimeout: `${answerTimeout}ms`,
    only: [blockOf({ type: mutation.type, nth: mutation.nth, do: mutation.edits.map(editBlock) })],
  });

function editBlock(edit: FieldEdit | ListEdit): Block {
  const { kind, path, ...rest } = edit;
  return blockOf({ [kind]: blockOf({ field: path, ...optionsOf(rest) }) });
}

/** Those that are null stand for what is not written. */
const optionsOf = (rest: Readonly<Record<string, Value>>): Readonly<Record<string, Value>> =>
  Object.fromEntries(Object.entries(rest).filter(([, value]) => value !== null));
