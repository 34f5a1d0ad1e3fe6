// Edits of numbers. What cannot be done to one is a fault of usage that names the path.
import { Fault } from '../../../base/fault.ts';
import type { Random } from '../../../base/random.ts';
import type { EditValue, FieldEdit } from '../../../model/relay.ts';
import type { UintMember } from '../grammar.ts';
import { encodeNumber } from '../write/encode.ts';
import { distinctBelow, randomBelow } from './random-number.ts';

/** What a number becomes. */
export type NumberChange = (old: number | bigint, random: Random) => number | bigint;

export function numberEdit(member: UintMember, edit: FieldEdit): NumberChange | null {
  const { path } = edit;
  const size = 1n << BigInt(member.bits);
  const fit = (value: bigint): number | bigint => {
    const within = BigInt.asUintN(member.bits, value);
    return member.bits > 53 ? within : Number(within);
  };
  const operand = (value: EditValue): bigint => BigInt(encodeNumber(member, value, path));
  switch (edit.kind) {
    case 'set': {
      const value = encodeNumber(member, edit.value, path);
      return () => value;
    }
    case 'add': {
      const amount = amountOf(edit.value, path);
      return (old) => fit(BigInt(old) + amount);
    }
    case 'xor':
    case 'toggle': {
      const bits = operand(edit.value);
      return (old) => fit(BigInt(old) ^ bits);
    }
    case 'or': {
      const bits = operand(edit.value);
      return (old) => fit(BigInt(old) | bits);
    }
    case 'and': {
      const bits = operand(edit.value);
      return (old) => fit(BigInt(old) & bits);
    }
    case 'random': {
      if (edit.prefix !== null)
        throw new Fault('usage', `"${path}" is a number, of which no prefix can be drawn`);
      const low = edit.low === null ? 0n : operand(edit.low);
      const high = edit.high === null ? size - 1n : operand(edit.high);
      if (low > high)
        throw new Fault('usage', `"${path}" is drawn from ${low} to ${high}, which is nothing`);
      return (_, random) => fit(low + randomBelow(random, high - low + 1n));
    }
    case 'bitflip': {
      const { bits } = edit;
      if (bits > member.bits)
        throw new Fault('usage', `"${path}" has ${member.bits} bits: ${bits} cannot be flipped`);
      return (old, random) => {
        let flipped = BigInt(old);
        for (const bit of distinctBelow(random, member.bits, bits)) flipped ^= 1n << BigInt(bit);
        return fit(flipped);
      };
    }
    case 'boundary': {
      const ends = { zero: 0n, max: size - 1n, 'max-1': size - 2n };
      const { value } = edit;
      if (value !== null) return () => fit(ends[value]);
      const all = Object.values(ends);
      return (_, random) => fit(all[random.below(all.length)] ?? 0n);
    }
    case 'swap':
      return edit.to === 'legal' ? legal(member) : illegal(member, path);
    case 'mask':
    case 'truncate':
    case 'insert':
    case 'delete':
    case 'havoc':
      return null;
  }
}

/** A number that may be negative. */
function amountOf(value: EditValue, path: string): bigint {
  if (typeof value === 'number' && Number.isSafeInteger(value)) return BigInt(value);
  const [, sign, digits] = /^([-+]?)(0x[\da-f]{1,16}|\d{1,20})$/i.exec(String(value)) ?? [];
  if (digits === undefined)
    throw new Fault('usage', `"${path}" is a number, to which "${value}" cannot be added`);
  return sign === '-' ? -BigInt(digits) : BigInt(digits);
}

/** Another that has a word; the same where there is no other. */
function legal({ words, bits }: UintMember): NumberChange {
  const all = [...(words?.numbers ?? [])].filter((number) => number < 2 ** bits);
  return (old, random) => {
    const others = all.filter((number) => BigInt(number) !== BigInt(old));
    return others[random.below(others.length)] ?? old;
  };
}

/** One that has none. */
function illegal({ words, bits }: UintMember, path: string): NumberChange {
  const known = new Set([...(words?.numbers ?? [])].filter((number) => number < 2 ** bits));
  const size = 1n << BigInt(bits);
  if (BigInt(known.size) >= size)
    throw new Fault('usage', `"${path}" has ${bits} bits, and each number of them has a word`);
  return (_, random) => {
    let number = randomBelow(random, size);
    while (known.has(Number(number))) number = (number + 1n) % size;
    return bits > 53 ? number : Number(number);
  };
}
