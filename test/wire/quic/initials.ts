// Initial packets for tests: protected as an endpoint does it (RFC 9001 section 5), and some that ngtcp2's client sent.
import { createCipheriv } from 'node:crypto';
import { readFileSync } from 'node:fs';
import { concatBytes } from '../../../src/wire/bytes.ts';
import { QUIC_VERSION } from '../../../src/wire/quic/header.ts';
import { deriveInitialKeys } from '../../../src/wire/quic/initial-keys.ts';

export interface InitialSpec {
  readonly version?: number;
  readonly destinationId?: Uint8Array;
  readonly sourceId?: Uint8Array;
  readonly token?: Uint8Array;
  readonly packetNumber?: number;
  /** Bytes that the packet number takes on the wire. */
  readonly packetNumberLength?: number;
  /** Frames. */
  readonly payload: Uint8Array;
  readonly side?: 'client' | 'server';
  /** The connection ID that keys are made of, where it is not the destination's. */
  readonly keyId?: Uint8Array;
}

export const hex = (text: string): Uint8Array =>
  Uint8Array.from(Buffer.from(text.replace(/\s/g, ''), 'hex'));
export const toHex = (bytes: Uint8Array): string => Buffer.from(bytes).toString('hex');

/** The connection ID of both appendices. */
export const RFC_ID: Uint8Array = hex('8394c8f03e515708');
/** RFC 9001 appendix A.2: the CRYPTO frame of the client's Initial, without the padding to 1162 bytes. */
export const RFC_CRYPTO: Uint8Array = hex(`
  060040f1010000ed0303ebf8fa56f12939b9584a3896472ec40bb863cfd3e868
  04fe3a47f06a2b69484c00000413011302010000c000000010000e00000b6578
  616d706c652e636f6dff01000100000a00080006001d00170018001000070005
  04616c706e000500050100000000003300260024001d00209370b2c9caa47fba
  baf4559fedba753de171fa71f50f1ce15d43e994ec74d748002b000302030400
  0d0010000e0403050306030203080408050806002d00020101001c0002400100
  3900320408ffffffffffffffff05048000ffff07048000ffff08011001048000
  75300901100f088394c8f03e51570806048000ffff`);
export const RFC_CLIENT: InitialSpec = {
  destinationId: RFC_ID,
  packetNumber: 2,
  packetNumberLength: 4,
  payload: concatBytes(RFC_CRYPTO, new Uint8Array(1162 - RFC_CRYPTO.length)),
};

export function varint(value: number): Uint8Array {
  if (value < 0x40) return Uint8Array.of(value);
  if (value < 0x4000) return Uint8Array.of(0x40 | (value >>> 8), value);
  return Uint8Array.of(0x80 | (value >>> 24), value >>> 16, value >>> 8, value);
}

export const cryptoFrame = (offset: number, data: Uint8Array): Uint8Array =>
  concatBytes(Uint8Array.of(6), varint(offset), varint(data.length), data);

/** The packet of these frames. */
export function sealInitial(spec: InitialSpec): Uint8Array {
  const { version = QUIC_VERSION.v1, destinationId = RFC_ID, payload, side = 'client' } = spec;
  const { sourceId = new Uint8Array(0), token = new Uint8Array(0), packetNumber = 0 } = spec;
  const { packetNumberLength = 1, keyId = destinationId } = spec;
  const keys = deriveInitialKeys(version, keyId, side);
  const type = version === QUIC_VERSION.v2 ? 0x10 : 0;
  const number = new Uint8Array(8);
  new DataView(number.buffer).setBigUint64(0, BigInt(packetNumber));
  const versionBytes = new Uint8Array(4);
  new DataView(versionBytes.buffer).setUint32(0, version);
  const length = packetNumberLength + payload.length + 16;
  const header = concatBytes(
    Uint8Array.of(0xc0 | type | (packetNumberLength - 1)),
    versionBytes,
    Uint8Array.of(destinationId.length, ...destinationId, sourceId.length, ...sourceId),
    // A server's Initial has no token; its length is written all the same.
    varint(token.length),
    token,
    Uint8Array.of(0x40 | (length >>> 8), length),
    number.subarray(8 - packetNumberLength),
  );
  const nonce = keys.iv.map((byte, index) => byte ^ (index < 4 ? 0 : (number[index - 4] ?? 0)));
  const cipher = createCipheriv('aes-128-gcm', keys.key, nonce);
  cipher.setAAD(header);
  const sealed = concatBytes(cipher.update(payload), cipher.final(), cipher.getAuthTag());
  return protectHeader(concatBytes(header, sealed), header.length - packetNumberLength, keys.hp);
}

function protectHeader(packet: Uint8Array, numberAt: number, key: Uint8Array): Uint8Array {
  const length = ((packet[0] ?? 0) & 3) + 1;
  const cipher = createCipheriv('aes-128-ecb', key, null);
  const mask = cipher.update(packet.subarray(numberAt + 4, numberAt + 20));
  return packet.map((byte, at) => {
    if (at === 0) return byte ^ ((mask[0] ?? 0) & 0x0f);
    const index = at - numberAt;
    return index >= 0 && index < length ? byte ^ (mask[index + 1] ?? 0) : byte;
  });
}

/** The first datagram of `gtlsclient www.blocked.example`, ngtcp2's client (0.12.1), as captured. */
export const realInitial = (): Uint8Array =>
  Uint8Array.from(readFileSync(new URL('gtlsclient-initial.bin', import.meta.url)));
