import { concatBytes, fromLatin1, writeU32 } from '../../src/wire/bytes.ts';

/** A binary packet (RFC 4253 section 6) with the first name-list of a KEXINIT. */
export function keyExchange(names: string, message = 20): Uint8Array {
  const lists = [names, 'ssh-ed25519', 'aes128-ctr'].map((list) => {
    const bytes = new Uint8Array(4 + list.length);
    writeU32(bytes, 0, list.length);
    bytes.set(fromLatin1(list), 4);
    return bytes;
  });
  const payload = concatBytes(Uint8Array.of(message), new Uint8Array(16), ...lists);
  const packet = concatBytes(Uint8Array.of(0, 0, 0, 0, 6), payload, new Uint8Array(6));
  writeU32(packet, 0, packet.length - 4);
  return packet;
}
