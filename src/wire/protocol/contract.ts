// What a protocol description is once compiled: it frames streams, reads messages into fields and writes fields into messages.
import type { FieldEdit, FieldSetting, ListEdit } from '../../model/relay.ts';
import type { FieldType, FieldValue, ProtocolSpec } from '../../model/protocol.ts';
import type { Random } from '../../base/random.ts';

export type Side = 'client' | 'server';

export interface Protocol {
  readonly spec: ProtocolSpec;
  /** For the direction of one stream that this side sends. Given its twin of the other direction, it knows what answers belong to. */
  framer(side: Side, twin?: Framer): Framer;
  /** The type of a message, from its first bytes alone; a number where the protocol has no word. */
  typeOf(message: Uint8Array, side: Side): string;
  /** Reads all fields. Never throws: what cannot be read is a field of bytes, and `fault` says why. */
  read(message: Uint8Array, side: Side): Message;
  /** A message of this type with these values; all else is zero, sizes and counts come by themselves. Throws a `Fault` of usage that names the path. */
  write(type: string, values: readonly FieldSetting[], side: Side): Uint8Array;
  /** What is wrong with an edit or a path of messages of these types, as a sentence; null: nothing. */
  check(edit: FieldEdit | ListEdit, types: readonly string[], unsafe: boolean): string | null;
}

export interface Framer {
  /** Takes what came next. The bytes are the caller's and may change after `next` has given null. */
  push(bytes: Uint8Array): void;
  /** The next whole message; a view that holds until the next `push` or `next`. Null: there is none yet, or a fault. */
  next(): Uint8Array | null;
  /** Why the stream cannot be framed; `rest` then has all bytes from there on. */
  readonly fault: string | null;
  /** Bytes that wait to be a message. */
  readonly waiting: number;
  /** What waits, which is then no longer waiting: at the end of a stream, or after a fault. */
  rest(): Uint8Array;
}

export interface Message {
  readonly bytes: Uint8Array;
  readonly type: string;
  /** Why a part of it could not be read; null when all was. */
  readonly fault: string | null;
  readonly root: Field;
  /** Fields by path: `instructions[0].actions[*].port`, `match.eth_type`. */
  find(path: string): readonly Field[];
  /** As `find`, without reading what lies behind: the fields know their values, and not all that is around them. */
  glance(path: string): readonly Field[];
  /**
   * Carries out an edit on every field that its path finds and gives the message as it is then, with what was changed.
   * `fixup` puts enclosing sizes, counts and padding right.
   */
  edit(edit: FieldEdit | ListEdit, random: Random, fixup: boolean): Edited;
}

export interface Edited {
  readonly bytes: Uint8Array;
  readonly changes: readonly FieldChange[];
}

/** Bytes as hexadecimal, numbers in decimal, words where there are. */
export interface FieldChange {
  readonly field: string;
  readonly old: string;
  readonly new: string;
}

export interface Field {
  /** As `find` takes it. */
  readonly path: string;
  readonly type: FieldType;
  /** Bytes of the message, `end` exclusive. */
  readonly start: number;
  readonly end: number;
  /** Of fields of less than whole bytes: bits before it from `start`, and its own. */
  readonly bit: number;
  readonly bits: number;
  readonly guarded: boolean;
  readonly parent: Field | null;
  readonly children: readonly Field[];
  /** Of structs, lists and choices: their bytes. */
  readonly value: FieldValue;
  /** What the value is called, when it has a name. */
  readonly word: string | null;
}
