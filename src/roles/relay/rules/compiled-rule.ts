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
    acts: rule.do.filter((operation): operation is MessageAct => !isEdit(operation)),
    fixesLength: rule.fixup.includes('length'),
    isEnabled: true,
  };
}

function isEdit(operation: RelayOperation): operation is MessageEdit {
  switch (operation.kind) {
    case 'set':
    case 'add':
    case 'xor':
    case 'or':
    case 'and':
    case 'toggle':
    case 'random':
    case 'bitflip':
    case 'boundary':
    case 'swap':
    case 'mask':
    case 'truncate':
    case 'insert':
    case 'delete':
    case 'havoc':
    case 'remove':
    case 'repeat':
    case 'shuffle':
    case 'cut':
    case 'corrupt-length':
      return true;
    case 'drop':
    case 'delay':
    case 'duplicate':
    case 'reorder':
    case 'inject':
    case 'replace':
    case 'split':
    case 'coalesce':
    case 'hold':
    case 'state':
    case 'blackhole':
    case 'reset':
    case 'close':
      return false;
  }
}
