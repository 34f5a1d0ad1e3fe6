// What a field may say: one value of a rule as a question to a field.
import { invariant } from '../../../base/invariant.ts';
import { parseIp, parsePrefix, prefixContains } from '../../../base/addresses.ts';
import type { TestValue } from '../../../model/relay.ts';
import { fromHex, latin1 } from '../../../wire/bytes.ts';
import { findBytes } from '../../../wire/find-bytes.ts';
import type { Field } from '../../../wire/protocol/contract.ts';
import { compileTexts } from '../../censor/match/text-pattern.ts';

/** `message`: the bytes that the field lies in. */
export type FieldQuestion = (field: Field, message: Uint8Array) => boolean;

export function compileTestValue(test: TestValue): FieldQuestion {
  switch (test.kind) {
    case 'number': {
      const low = boundOf(test.low);
      const high = boundOf(test.high);
      return (field) => {
        const number = numberOf(field);
        return number !== null && number >= low && number <= high;
      };
    }
    case 'text': {
      const isFound = compileTexts([test.pattern]);
      return (field) => isFound(textOf(field));
    }
    case 'prefix':
      return compilePrefix(test.prefix);
    case 'bits': {
      const mask = BigInt(test.mask);
      return (field) => {
        const number = numberOf(field);
        return number !== null && (BigInt(number) & mask) === mask;
      };
    }
    case 'regex': {
      const expression = new RegExp(test.source);
      return (field) => expression.test(textOf(field));
    }
    case 'bytes': {
      const sought = fromHex(test.hex);
      return ({ start, end }, message) => findBytes(message, sought, start, end) >= 0;
    }
    case 'present':
      return () => true;
  }
}

/** Text where it is larger than a double holds exactly. */
const boundOf = (bound: bigint | number | string): bigint | number =>
  typeof bound === 'string' ? BigInt(bound) : bound;

function compilePrefix(text: string): FieldQuestion {
  const prefix = parsePrefix(text);
  invariant(prefix.ok, `a resolved rule holds only prefixes, not "${text}"`);
  return ({ value }) => {
    const address = typeof value === 'string' ? parseIp(value) : null;
    return address?.ok === true && prefixContains(prefix.value, address.value);
  };
}

/** Also of decimal text, such as the length of a body. */
function numberOf({ value }: Field): number | bigint | null {
  if (typeof value === 'number' || typeof value === 'bigint') return value;
  return typeof value === 'string' && /^\d{1,15}$/.test(value) ? Number(value) : null;
}

/** Its word, where it has one; of bytes one character each. */
function textOf({ word, value }: Field): string {
  if (word !== null) return word;
  return value instanceof Uint8Array ? latin1(value, 0, value.length) : String(value);
}
