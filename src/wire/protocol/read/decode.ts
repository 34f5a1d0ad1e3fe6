// The bytes of a field as its value.
import { formatIp, formatMac } from '../../../base/addresses.ts';
import type { FieldValue } from '../../../model/protocol.ts';
import { latin1, readU8 } from '../../bytes.ts';
import { readName } from '../../dns-name.ts';
import { readBits } from '../bits.ts';
import type { Member } from '../grammar.ts';

export function decodeValue(
  message: Uint8Array,
  member: Member,
  start: number,
  end: number,
): FieldValue {
  switch (member.kind) {
    case 'uint':
      return readBits(message, start, member);
    case 'mac':
      return formatMac(message.subarray(start, end));
    case 'ipv4':
      return formatIp({ family: 4, bytes: message.subarray(start, end) });
    case 'ipv6':
      return formatIp({ family: 6, bytes: message.subarray(start, end) });
    case 'string':
      return latin1(
        message,
        start,
        member.size.kind === 'fixed' ? filled(message, start, end) : end,
      );
    case 'text':
      return latin1(message, start, end);
    case 'name': {
      const name = readName(message.subarray(member.base), start - member.base);
      return name.ok ? name.value.spelling : message.subarray(start, end);
    }
    case 'bytes':
    case 'pad':
    case 'struct':
    case 'list':
    case 'choice':
      return message.subarray(start, end);
  }
}

/** Where the zero bytes at the end begin. */
function filled(message: Uint8Array, start: number, end: number): number {
  let at = end;
  while (at > start && readU8(message, at - 1) === 0) at -= 1;
  return at;
}
