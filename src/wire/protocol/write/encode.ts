// A value as it is written in rules → the number or bytes of a field. What does not fit is a fault of usage that names the path.
import { parseIp, parseMac } from '../../../base/addresses.ts';
import { Fault } from '../../../base/fault.ts';
import type { Result } from '../../../base/result.ts';
import type { EditValue } from '../../../model/relay.ts';
import { fromHex, fromLatin1 } from '../../bytes.ts';
import { emitName } from '../../dns-name.ts';
import type { Member, UintMember } from '../grammar.ts';

/** A number, a word, or a number as text: decimal or hexadecimal with `0x`. */
export function encodeNumber(member: UintMember, value: EditValue, path: string): number | bigint {
  const number =
    typeof value === 'number' ? value : (member.words?.numberOf(value) ?? parseNumber(value));
  const limit = 1n << BigInt(member.bits);
  if (number === null || !isWhole(number))
    throw new Fault('usage', `"${path}" is a number of ${member.bits} bits, not "${value}"`, {
      help: wordsHelp(member),
    });
  const whole = BigInt(number);
  if (whole < 0n || whole >= limit)
    throw new Fault(
      'usage',
      `"${path}" has ${member.bits} bits: expected 0 to ${limit - 1n}, found ${value}`,
    );
  return number;
}

/** The bytes of a field that is no number. Of structs, lists and choices: all of them, as hexadecimal. */
export function encodeBytes(
  member: Exclude<Member, UintMember>,
  value: EditValue,
  path: string,
): Uint8Array {
  const text = String(value);
  switch (member.kind) {
    case 'mac':
      return must(parseMac(text), path);
    case 'ipv4':
    case 'ipv6': {
      const address = must(parseIp(text), path);
      if (address.bytes.length === member.width) return address.bytes;
      throw new Fault('usage', `"${path}" is an ${familyOf(member.kind)} address, not "${text}"`);
    }
    case 'string':
    case 'text':
      if (!/[^\p{ASCII}\u0080-\u00ff]/u.test(text)) return fromLatin1(text);
      throw new Fault('usage', `"${path}" is text of Latin-1, which "${text}" is not`);
    case 'name':
      return must(emitName(text), path);
    case 'bytes':
    case 'pad':
    case 'struct':
    case 'list':
    case 'choice':
      if (typeof value === 'string' && /^(\s*[\da-f]{2})*\s*$/i.test(value)) return fromHex(value);
      throw new Fault('usage', `"${path}" is bytes: expected hexadecimal digits, found "${text}"`);
  }
}

function parseNumber(text: string): number | bigint | null {
  if (!/^(0x[\da-f]{1,16}|\d{1,20})$/i.test(text)) return null;
  const number = BigInt(text);
  return number > BigInt(Number.MAX_SAFE_INTEGER) ? number : Number(number);
}

const isWhole = (value: number | bigint): boolean =>
  typeof value === 'bigint' || Number.isSafeInteger(value);

function wordsHelp({ words }: UintMember): string | undefined {
  if (words === null) return undefined;
  const all = [...words.all.keys()];
  return `Its words are ${all.slice(0, 20).join(', ')}${all.length > 20 ? ' and more' : ''}`;
}

const familyOf = (kind: 'ipv4' | 'ipv6'): string => (kind === 'ipv4' ? 'IPv4' : 'IPv6');

function must<T>(result: Result<T, string>, path: string): T {
  if (result.ok) return result.value;
  throw new Fault('usage', `"${path}": ${result.error}`);
}
