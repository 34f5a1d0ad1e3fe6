// Edits of addresses. What cannot be done to one is a fault of usage that names the path.
import { parsePrefix } from '../../../base/addresses.ts';
import { Fault } from '../../../base/fault.ts';
import type { EditValue, FieldEdit } from '../../../model/relay.ts';
import type { AddressMember } from '../grammar.ts';
import { encodeBytes } from '../write/encode.ts';
import type { BytesChange } from './bytes-edit.ts';

export function addressEdit(member: AddressMember, edit: FieldEdit): BytesChange | null {
  switch (edit.kind) {
    case 'set': {
      const bytes = encodeBytes(member, edit.value, edit.path);
      return () => whole(bytes);
    }
    case 'mask': {
      const mask = maskOf(member, edit.bits, edit.path);
      return (old) => whole(old.map((byte, index) => byte & (mask[index] ?? 0)));
    }
    case 'random': {
      if (edit.low !== null || edit.high !== null)
        throw new Fault('usage', `"${edit.path}" is an address: expected a prefix to draw from`);
      const { bytes, mask } = prefixOf(member, edit.prefix, edit.path);
      return (_, random) =>
        whole(
          random
            .bytes(member.width)
            .map((byte, index) => bit(bytes, index) | (byte & ~bit(mask, index))),
        );
    }
    case 'add':
    case 'xor':
    case 'or':
    case 'and':
    case 'toggle':
    case 'bitflip':
    case 'boundary':
    case 'swap':
    case 'truncate':
    case 'insert':
    case 'delete':
    case 'havoc':
      return null;
  }
}

const whole = (bytes: Uint8Array): ReturnType<BytesChange> => [
  { at: 0, remove: bytes.length, bytes },
];

const bit = (bytes: Uint8Array, index: number): number => bytes[index] ?? 0;

/** A prefix length, or a mask written as an address. */
function maskOf(member: AddressMember, bits: EditValue, path: string): Uint8Array {
  if (!/^\d+$/.test(String(bits))) return encodeBytes(member, bits, path);
  return ones(member, Number(bits), path);
}

function ones({ width }: AddressMember, length: number, path: string): Uint8Array {
  if (length > width * 8)
    throw new Fault('usage', `"${path}" has ${width * 8} bits: expected at most so many to keep`);
  return Uint8Array.from({ length: width }, (_, index) => {
    const kept = Math.min(8, Math.max(0, length - index * 8));
    return (0xff << (8 - kept)) & 0xff;
  });
}

/** What all addresses of a prefix begin with, and which bits that are. */
function prefixOf(
  member: AddressMember,
  prefix: string | null,
  path: string,
): { readonly bytes: Uint8Array; readonly mask: Uint8Array } {
  if (prefix === null) return { bytes: ones(member, 0, path), mask: ones(member, 0, path) };
  const { address, length } = member.kind === 'mac' ? macPrefix(prefix) : ipPrefix(prefix, path);
  const mask = ones(member, length, path);
  return {
    mask,
    bytes: encodeBytes(member, address, path).map((byte, at) => byte & bit(mask, at)),
  };
}

interface Prefix {
  readonly address: string;
  readonly length: number;
}

/** `02:00:00:00:00:00/24`; without a length the address itself. */
function macPrefix(prefix: string): Prefix {
  const [address = '', length = '48'] = prefix.split('/');
  return { address, length: /^\d+$/.test(length) ? Number(length) : Infinity };
}

function ipPrefix(prefix: string, path: string): Prefix {
  const parsed = parsePrefix(prefix);
  if (!parsed.ok) throw new Fault('usage', `"${path}": ${parsed.error}`);
  return { address: prefix.slice(0, prefix.indexOf('/')), length: parsed.value.length };
}
