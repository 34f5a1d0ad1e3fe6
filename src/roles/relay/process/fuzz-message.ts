import type { Random } from '../../../base/random.ts';
import type { FieldEdit, ListEdit } from '../../../model/relay.ts';
import type { FieldChange, Message, Protocol } from '../../../wire/protocol/contract.ts';

/** Mutates a message by typed edits, at most so many. */
export type FuzzMessage = (
  protocol: Protocol,
  message: Message,
  random: Random,
  edits: number,
) => FuzzedMessage;

export interface FuzzedMessage {
  readonly bytes: Uint8Array;
  /** What was done, with concrete values: a rule that has these does the same. */
  readonly edits: readonly {
    readonly edit: FieldEdit | ListEdit;
    readonly changes: readonly FieldChange[];
  }[];
}
