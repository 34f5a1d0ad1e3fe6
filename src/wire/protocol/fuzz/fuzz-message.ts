// A message mutated by its types, the same for the same seed: each mutation is an edit with concrete values, so that a rule can do it again.
import { invariant } from '../../../base/invariant.ts';
import { type Random, seededRandom } from '../../../base/random.ts';
import type { FieldEdit, ListEdit } from '../../../model/relay.ts';
import type { FieldChange, Message, Protocol } from '../contract.ts';
import { ReadMessage } from '../read/read-message.ts';
import { mutate } from './mutate.ts';
import { mutableFields } from './mutable-fields.ts';

export interface Fuzzed {
  readonly bytes: Uint8Array;
  /** In their order: a rule with these, `fixup: [length]` and `unsafe: true` does the same to such a message. */
  readonly edits: readonly Mutation[];
}

export interface Mutation {
  readonly edit: FieldEdit | ListEdit;
  readonly changes: readonly FieldChange[];
}

/** Fields that are tried for one mutation: an edit that no length could say is not carried out. */
const TRIES = 4;

/** Mutates a message by at most so many edits; guarded fields stay as they are. */
export function fuzzMessage(
  { spec }: Protocol,
  message: Message,
  random: Random,
  edits: number,
): Fuzzed {
  invariant(message instanceof ReadMessage, `the message is one of ${spec.protocol}`);
  let mutated: ReadMessage = message;
  const done: Mutation[] = [];
  const count = edits < 1 ? 0 : 1 + random.below(edits);
  for (let step = 1; step <= count; step += 1) {
    const mutation = mutateOnce(mutated, random, step === count);
    if (mutation === null) continue;
    done.push({ edit: mutation.edit, changes: mutation.changes });
    mutated = mutated.reread(mutation.bytes);
  }
  return { bytes: mutated.bytes, edits: done };
}

/** Does to a message what was done to another; what it has no field for is left out. */
export function mutateAgain(
  { spec }: Protocol,
  message: Message,
  edits: readonly (FieldEdit | ListEdit)[],
): Fuzzed {
  invariant(message instanceof ReadMessage, `the message is one of ${spec.protocol}`);
  let mutated: ReadMessage = message;
  const done: Mutation[] = [];
  for (const edit of edits) {
    const { bytes, changes } = mutated.edit(edit, UNUSED, true);
    if (changes.length === 0) continue;
    done.push({ edit, changes });
    mutated = mutated.reread(bytes);
  }
  return { bytes: mutated.bytes, edits: done };
}

/** A size that lies hides what it measures from further edits, so that only the last may make one lie. */
function mutateOnce(
  message: ReadMessage,
  random: Random,
  isLast: boolean,
): (Mutation & { readonly bytes: Uint8Array }) | null {
  const fields = mutableFields(message.root).filter(({ measures }) => isLast || !measures);
  for (let attempt = 0; attempt < TRIES && fields.length > 0; attempt += 1) {
    const field = fields[random.below(fields.length)];
    const edit = field === undefined ? null : mutate(field, random);
    if (edit === null) continue;
    // Concrete edits draw nothing.
    const { bytes, changes } = message.edit(edit, UNUSED, true);
    if (changes.length > 0) return { edit, changes, bytes };
  }
  return null;
}

const UNUSED = seededRandom(0);
