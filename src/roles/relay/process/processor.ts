// What becomes of the bytes of one message: the edits of the rules that it meets, in their order, and then the fuzzer's. It needs nothing but
// the message, so that another thread can do it.
import type {
  FieldEdit,
  HookPoint,
  ListEdit,
  RelayAudit,
  RelayOperation,
  RelaySpec,
} from '../../../model/relay.ts';
import type {
  Edited,
  FieldChange,
  Message,
  Protocol,
  Side,
} from '../../../wire/protocol/contract.ts';
import { fuzzMessage, mutateAgain } from '../../../wire/protocol/fuzz/fuzz-message.ts';
import type { CompiledRule, MessageEdit } from '../rules/compiled-rule.ts';
import { corruptLength } from './corrupt-length.ts';
import { mutationOf } from './fuzzing.ts';
import { LazyRandom } from './lazy-random.ts';

/** A message at a hook, with what is to be done to it. */
export interface ProcessingOrder {
  readonly session: number;
  readonly side: Side;
  readonly at: HookPoint;
  /** Of its session and direction, counted from 1. */
  readonly message: number;
  readonly type: string;
  readonly rules: readonly CompiledRule[];
  readonly isFuzzed: boolean;
  /** Of the messages of its type that the fuzzer has looked at. */
  readonly nth: number;
  readonly bytes: Uint8Array;
  /** The message, where it has been read already. */
  readonly read: Message | null;
}

export interface Processed {
  readonly bytes: Uint8Array;
  /** What the fuzzer has done, with concrete values. */
  readonly mutations: readonly (FieldEdit | ListEdit)[];
}

const NO_MUTATIONS: Processed['mutations'] = [];

/** Hears of what was done. */
export interface Auditor {
  audit(record: RelayAudit): void;
}

export class Processor {
  readonly #spec: RelaySpec;
  readonly #protocol: Protocol;
  readonly #seed: number;

  constructor(spec: RelaySpec, protocol: Protocol, seed: number) {
    this.#spec = spec;
    this.#protocol = protocol;
    this.#seed = seed;
  }

  /** Gives the bytes as they are then. */
  process(order: ProcessingOrder, auditor: Auditor, now: number): Processed {
    let { bytes, read } = order;
    for (const { rule, edits, fixesLength } of order.rules) {
      if (edits.length === 0) continue;
      const random = this.#random(`edit ${rule.name}`, order);
      for (const edit of edits) {
        const edited = this.#edit(edit, bytes, read, { side: order.side, random, fixesLength });
        for (const change of edited.changes)
          auditor.audit(changeRecord(order, rule.name, edit.kind, change, now));
        if (edited.changes.length > 0) read = null;
        bytes = edited.bytes;
      }
    }
    if (!order.isFuzzed) return { bytes, mutations: NO_MUTATIONS };
    return this.#fuzzed(order, bytes, read, auditor, now);
  }

  #edit(
    edit: MessageEdit,
    bytes: Uint8Array,
    read: Message | null,
    { side, random, fixesLength }: EditSettings,
  ): Edited {
    if (edit.kind === 'cut') {
      if (bytes.length <= edit.bytes) return { bytes, changes: [] };
      const change = { field: '', old: String(bytes.length), new: String(edit.bytes) };
      return { bytes: bytes.subarray(0, edit.bytes), changes: [change] };
    }
    if (edit.kind === 'corrupt-length') {
      const corrupted = corruptLength(bytes, this.#protocol.spec.frame, edit);
      if (corrupted === null) return { bytes, changes: [] };
      const change = { field: '', old: String(corrupted.old), new: String(corrupted.new) };
      return { bytes: corrupted.bytes, changes: [change] };
    }
    return (read ?? this.#protocol.read(bytes, side)).edit(edit, random, fixesLength);
  }

  #fuzzed(
    order: ProcessingOrder,
    bytes: Uint8Array,
    read: Message | null,
    auditor: Auditor,
    now: number,
  ): Processed {
    const message = read ?? this.#protocol.read(bytes, order.side);
    const { fuzz } = this.#spec;
    const again = fuzz === null ? undefined : mutationOf(fuzz, order.at, order.type, order.nth);
    const mutated =
      again === undefined
        ? fuzzMessage(this.#protocol, message, this.#random('fuzz', order), fuzz?.edits ?? 0)
        : mutateAgain(this.#protocol, message, again.edits);
    for (const { edit, changes } of mutated.edits)
      for (const change of changes)
        auditor.audit(changeRecord(order, 'fuzz', edit.kind, change, now));
    return { bytes: mutated.bytes, mutations: mutated.edits.map(({ edit }) => edit) };
  }

  #random(name: string, { session, at, message }: ProcessingOrder): LazyRandom {
    return new LazyRandom(this.#seed, `${name} ${session} ${at} ${message}`);
  }
}

interface EditSettings {
  readonly side: Side;
  readonly random: LazyRandom;
  readonly fixesLength: boolean;
}

/** A record of a change of a field; of the whole message where the change names none. */
function changeRecord(
  { session, at, message, type }: ProcessingOrder,
  rule: string,
  operation: RelayOperation['kind'],
  { field, old, new: changed }: FieldChange,
  now: number,
): RelayAudit {
  const time = Math.floor(now);
  return field === ''
    ? { time, session, at, message, type, rule, operation, old, new: changed }
    : { time, session, at, message, type, rule, operation, field, old, new: changed };
}

/** A record of an operation on a message. */
export const recordOf = (
  { session, at, message, type }: Pick<ProcessingOrder, 'session' | 'at' | 'message' | 'type'>,
  rule: string,
  operation: RelayOperation['kind'],
  now: number,
): RelayAudit => ({ time: Math.floor(now), session, at, message, type, rule, operation });
