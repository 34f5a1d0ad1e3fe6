// How an SSH client begins: its identification line (RFC 4253 section 4.2) and its key exchange offer (section 7.1), both in clear.
import { latin1, readU32, readU8 } from './bytes.ts';

/** Of the line with CR and LF. */
const MAX_LINE = 255;
const LINE_FEED = 0x0a;
const PREFIX = 'SSH-';
const MSG_KEXINIT = 20;
const COOKIE_LENGTH = 16;
/** The length of the packet, the length of the padding and the message number. */
const PACKET_HEADER_LENGTH = 6;
/** What every implementation must be able to process (section 6.1). */
const MAX_PACKET = 35_000;

export type SshReading<Found> =
  | { readonly kind: 'more' }
  | { readonly kind: 'not-ssh' }
  | {
      readonly kind: 'found';
      readonly value: Found;
      /** Bytes of the range that it takes. */
      readonly length: number;
    };

const MORE = { kind: 'more' } as const;
const NOT_SSH = { kind: 'not-ssh' } as const;

/** Reads the identification line without its end, such as `SSH-2.0-OpenSSH_9.2`. */
export function readSshIdentification(
  memory: Uint8Array,
  start: number,
  end: number,
): SshReading<string> {
  for (let at = 0; at < PREFIX.length; at += 1) {
    if (start + at === end) return MORE;
    if (readU8(memory, start + at) !== PREFIX.charCodeAt(at)) return NOT_SSH;
  }
  const length = memory.subarray(start, Math.min(end, start + MAX_LINE)).indexOf(LINE_FEED) + 1;
  if (length === 0) return end - start < MAX_LINE ? MORE : NOT_SSH;
  const value = latin1(memory, start, start + length - 1).replace(/\r$/, '');
  return { kind: 'found', value, length };
}

/** Reads the names of key exchange methods of the SSH_MSG_KEXINIT that the range begins with. */
export function readSshKeyExchange(
  memory: Uint8Array,
  start: number,
  end: number,
): SshReading<readonly string[]> {
  if (end - start < PACKET_HEADER_LENGTH) return MORE;
  const packetLength = readU32(memory, start);
  if (packetLength > MAX_PACKET || readU8(memory, start + 5) !== MSG_KEXINIT) return NOT_SSH;
  const namesAt = start + PACKET_HEADER_LENGTH + COOKIE_LENGTH;
  const packetEnd = start + 4 + packetLength;
  if (packetEnd < namesAt + 4) return NOT_SSH;
  if (packetEnd > end) return MORE;
  const namesEnd = namesAt + 4 + readU32(memory, namesAt);
  if (namesEnd > packetEnd) return NOT_SSH;
  const names = latin1(memory, namesAt + 4, namesEnd);
  const value = names === '' ? [] : names.split(',');
  return { kind: 'found', value, length: packetEnd - start };
}
