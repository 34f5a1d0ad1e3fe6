// QUIC Initial packets around any frames (RFC 9001 section 5): the other half of what the censor takes apart, written for itself.
import { createCipheriv, createHmac } from 'node:crypto';
import { concatBytes } from '../../src/wire/bytes.ts';

export const QUIC_V1 = 0x0000_0001;
export const QUIC_V2 = 0x6b33_43cf;
const SALT_V1 = Buffer.from('38762cf7f55934b34d179ae6a4c80cadccbb7f0a', 'hex');
const SALT_V2 = Buffer.from('0dede3def700a6db819381be6e269dcbf9bd2ed9', 'hex');

/** The client's Initial number `packetNumber` to a server whose first connection ID is `destination`. */
export function sealInitial(
  version: number,
  destination: Uint8Array,
  packetNumber: number,
  frames: Uint8Array,
): Uint8Array {
  const isV2 = version === QUIC_V2;
  const secret = expand(hmac(isV2 ? SALT_V2 : SALT_V1, destination), 'client in', 32);
  const prefix = isV2 ? 'quicv2' : 'quic';
  const key = expand(secret, `${prefix} key`, 16);
  const iv = expand(secret, `${prefix} iv`, 12);
  const protection = expand(secret, `${prefix} hp`, 16);
  const length = 4 + frames.length + 16;
  const header = concatBytes(
    Uint8Array.of((isV2 ? 0xd0 : 0xc0) | 3),
    u32(version),
    Uint8Array.of(destination.length),
    destination,
    Uint8Array.of(0, 0, 0x40 | (length >>> 8), length & 0xff),
    u32(packetNumber),
  );
  const nonce = Uint8Array.from(iv);
  for (const [at, byte] of u32(packetNumber).entries()) nonce[8 + at] = (nonce[8 + at] ?? 0) ^ byte;
  const cipher = createCipheriv('aes-128-gcm', key, nonce);
  cipher.setAAD(header);
  const sealed = concatBytes(cipher.update(frames), cipher.final(), cipher.getAuthTag());
  const packet = concatBytes(header, sealed);
  const mask = createCipheriv('aes-128-ecb', protection, null).update(sealed.subarray(0, 16));
  packet[0] = (packet[0] ?? 0) ^ ((mask[0] ?? 0) & 0x0f);
  for (let at = 0; at < 4; at += 1)
    packet[header.length - 4 + at] = (packet[header.length - 4 + at] ?? 0) ^ (mask[1 + at] ?? 0);
  return packet;
}

/** A CRYPTO frame (RFC 9000 section 19.6). */
export const cryptoFrame = (offset: number, data: Uint8Array): Uint8Array =>
  concatBytes(Uint8Array.of(6), varint(offset), varint(data.length), data);

const varint = (value: number): Uint8Array =>
  Uint8Array.of(0x80 | (value >>> 24), value >>> 16, value >>> 8, value);

const u32 = (value: number): Uint8Array =>
  Uint8Array.of(value >>> 24, value >>> 16, value >>> 8, value);

const hmac = (key: Uint8Array, data: Uint8Array): Uint8Array =>
  createHmac('sha256', key).update(data).digest();

/** HKDF-Expand-Label for one block (RFC 8446 section 7.1). */
function expand(secret: Uint8Array, label: string, length: number): Uint8Array {
  const name = Buffer.from(`tls13 ${label}`, 'latin1');
  const info = concatBytes(Uint8Array.of(0, length, name.length), name, Uint8Array.of(0, 1));
  return hmac(secret, info).subarray(0, length);
}
