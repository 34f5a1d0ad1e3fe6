import type {
  FieldEdit,
  ListEdit,
  MessageOperation,
  RelayOperation,
  RelayRule,
} from '../../../model/relay.ts';
import { type Asked, compileFieldTest } from './field-test.ts';
import { compileNth } from './nth.ts';

/** What changes the bytes of a message. */
export type MessageEdit =
  FieldEdit | ListEdit | Extract<MessageOperation, { readonly kind: 'cut' | 'corrupt-length' }>;

/** What is done with a message as a whole. */
export type MessageAct = Exclude<MessageOperation, MessageEdit>;

export interface CompiledRule {
  readonly rule: RelayRule;
  /** Its place among the rules of the relay. */
  readonly index: number;
  readonly tests: readonly ((asked: Asked) => boolean)[];
  /** Whether the message that matches for the so manieth time is meant; null: all are. */
  readonly nth: ((count: number) => boolean) | null;
  readonly edits: readonly MessageEdit[];
  readonly acts: readonly MessageAct[];
  readonly fixesLength: boolean;
  isEnabled: boolean;
}

export function compileRule(rule: RelayRule, index: number): CompiledRule {
  const { nth, fields } = rule.match;
  return {
    rule,
    index,
    tests: fields.map(compileFieldTest),
    nth: nth === null ? null : compileNth(nth),
    edits: rule.do.filter(isEdit),
    acts: rule.do.filter((operation) => !isEdit(operation)),
    fixesLength: rule.fixup.includes('length'),
    isEnabled: true,
  };
}

/** Edits of fields and of lists are those with a path. */
const isEdit = (operation: RelayOperation): operation is MessageEdit =>
  'path' in operation || operation.kind === 'cut' || operation.kind === 'corrupt-length';
