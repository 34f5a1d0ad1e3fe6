// ICMP (RFC 792) and ICMPv6 (RFC 4443): the common header, echo, and the errors that quote a packet.
import { concatBytes, readU16, readU8, writeU16 } from './bytes.ts';
import { type Result, fail, ok } from '../base/result.ts';

/** Field offsets from the start of the message, in bytes. */
export const ICMP = { type: 0, code: 1, checksum: 2, id: 4, sequence: 6, headerLength: 8 } as const;

export const ICMP_TYPE = { echoReply: 0, unreachable: 3, echo: 8, timeExceeded: 11 } as const;
export const ICMPV6_TYPE = {
  unreachable: 1,
  tooBig: 2,
  timeExceeded: 3,
  echo: 128,
  echoReply: 129,
} as const;

export interface IcmpMessage {
  readonly type: number;
  readonly code: number;
  /** Echo identifier and sequence; what other types keep in bytes 4 to 7. */
  readonly id: number;
  readonly sequence: number;
  /** Echo data, or the packet that an error quotes. */
  readonly data: Uint8Array;
}

export function parseIcmp(bytes: Uint8Array): Result<IcmpMessage, string> {
  if (bytes.length < ICMP.headerLength)
    return fail(`ICMP message of ${bytes.length} bytes is shorter than its 8-byte header`);
  return ok({
    type: readU8(bytes, ICMP.type),
    code: readU8(bytes, ICMP.code),
    id: readU16(bytes, ICMP.id),
    sequence: readU16(bytes, ICMP.sequence),
    data: bytes.subarray(ICMP.headerLength),
  });
}

/** The message with a zero checksum: ICMPv6 sums a pseudo header as well, so `buildIcmp` of build.ts fills it in. */
export function emitIcmp(message: IcmpMessage): Uint8Array {
  const header = new Uint8Array(ICMP.headerLength);
  header[ICMP.type] = message.type;
  header[ICMP.code] = message.code;
  writeU16(header, ICMP.id, message.id);
  writeU16(header, ICMP.sequence, message.sequence);
  return concatBytes(header, message.data);
}
