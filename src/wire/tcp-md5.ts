// The TCP MD5 signature option: RFC 2385 section 2.0. The digest itself is the caller's, who has the key and the hash.
import { concatBytes, readU16, writeU16, writeU32 } from './bytes.ts';
import { updateChecksum } from './checksum.ts';
import { PacketView } from './packet.ts';
import { TCP } from './tcp.ts';
import { TCP_OPTION } from './tcp-options.ts';

const DIGEST_LENGTH = 16;

/** Gives 16 bytes; `signed` is all that comes before the key. */
export type TcpDigest = (signed: Uint8Array) => Uint8Array;

/** Fills in the digest of a whole segment that has room for one, checksum included. False when it has none. */
export function signTcp(packet: Uint8Array, digest: TcpDigest): boolean {
  const view = new PacketView();
  if (!view.load(packet, 0, packet.length) || !view.isTcp) return false;
  const at = digestOffset(view);
  if (at === null) return false;
  const checksumAt = view.transportStart + TCP.checksum;
  let checksum = readU16(packet, checksumAt);
  const before = new Uint8Array(packet.subarray(at & ~1, (at + DIGEST_LENGTH + 1) & ~1));
  packet.set(digest(signedBytes(view)).subarray(0, DIGEST_LENGTH), at);
  for (let index = 0; index < before.length; index += 2)
    checksum = updateChecksum(checksum, readU16(before, index), readU16(packet, (at & ~1) + index));
  writeU16(packet, checksumAt, checksum);
  return true;
}

/** "1. the TCP pseudo-header 2. the TCP header, excluding options, and assuming a checksum of zero 3. the TCP segment data". */
function signedBytes(view: PacketView): Uint8Array {
  const { memory, transportStart, payloadStart, payloadEnd } = view;
  const header = new Uint8Array(memory.subarray(transportStart, transportStart + TCP.headerLength));
  writeU16(header, TCP.checksum, 0);
  return concatBytes(pseudoHeader(view), header, memory.subarray(payloadStart, payloadEnd));
}

/** As it is summed for the checksum: RFC 9293 section 3.1, RFC 8200 section 8.1. */
function pseudoHeader(view: PacketView): Uint8Array {
  const length = view.payloadEnd - view.transportStart;
  const rest = new Uint8Array(view.version === 4 ? 4 : 8);
  if (view.version === 4) writeU32(rest, 0, (view.protocol << 16) | length);
  else {
    writeU32(rest, 0, length);
    writeU32(rest, 4, view.protocol);
  }
  return concatBytes(view.source.bytes, view.destination.bytes, rest);
}

function digestOffset(view: PacketView): number | null {
  const { memory, transportStart, payloadStart } = view;
  for (let at = transportStart + TCP.headerLength; at + 1 < payloadStart;) {
    const kind = memory[at] ?? TCP_OPTION.end;
    const length = memory[at + 1] ?? 0;
    if (kind === TCP_OPTION.noOperation) {
      at += 1;
      continue;
    }
    if (kind === TCP_OPTION.md5 && length === DIGEST_LENGTH + 2) return at + 2;
    if (kind === TCP_OPTION.end || length < 2) return null;
    at += length;
  }
  return null;
}
