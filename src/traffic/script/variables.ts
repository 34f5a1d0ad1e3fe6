// What a script remembers of what came, and what it asks about it.
import { unreachable } from '../../base/invariant.ts';
import type { Condition, Payload, TemplatePart } from '../../model/script.ts';
import { latin1 } from '../../wire/bytes.ts';
import { type PayloadStore, decodePayload } from './payload.ts';
import { compiledRegex } from './regex.ts';

/** Bytes by name. */
export type Variables = Map<string, Uint8Array>;

/** A template names a variable that nothing has set. */
export class UnsetVariable extends Error {
  override readonly name = 'UnsetVariable';
  readonly variable: string;

  constructor(variable: string) {
    super(`The variable "${variable}" is not set`);
    this.variable = variable;
  }
}

/** The bytes of a payload when the script plays. Throws an `UnsetVariable`. */
export const payloadBytes = (
  payload: Payload,
  variables: Variables,
  store: PayloadStore,
): Uint8Array =>
  payload.kind === 'template' ? fillTemplate(payload.parts, variables) : store.bytes(payload);

function fillTemplate(parts: readonly TemplatePart[], variables: Variables): Uint8Array {
  const pieces = parts.map((part) => {
    if ('text' in part) return decodePayload({ kind: 'text', text: part.text }, 0);
    const value = variables.get(part.variable);
    if (!value) throw new UnsetVariable(part.variable);
    return value;
  });
  const whole = new Uint8Array(pieces.reduce((sum, piece) => sum + piece.length, 0));
  let at = 0;
  for (const piece of pieces) {
    whole.set(piece, at);
    at += piece.length;
  }
  return whole;
}

/** Whether a condition holds now. A variable that is not set equals and matches nothing. Throws an `UnsetVariable`. */
export function holds(condition: Condition, variables: Variables, store: PayloadStore): boolean {
  switch (condition.kind) {
    case 'not':
      return !holds(condition.condition, variables, store);
    case 'set':
      return variables.has(condition.variable);
    case 'equals': {
      const value = variables.get(condition.variable);
      if (!value) return false;
      return equalBytes(value, payloadBytes(condition.payload, variables, store));
    }
    case 'matches': {
      const value = variables.get(condition.variable);
      if (!value) return false;
      const regex = compiledRegex(condition.source, condition.flags);
      regex.lastIndex = 0;
      return regex.test(latin1(value, 0, value.length));
    }
    default:
      return unreachable(condition, 'condition');
  }
}

const equalBytes = (one: Uint8Array, other: Uint8Array): boolean =>
  one.length === other.length && one.every((byte, index) => byte === other[index]);
