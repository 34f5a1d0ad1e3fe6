// DNS messages over TCP: two bytes of length before each (RFC 1035 section 4.2.2).
import { concatBytes, readU16, writeU16 } from '../wire/bytes.ts';

export function frameDns(message: Uint8Array): Uint8Array {
  const length = new Uint8Array(2);
  writeU16(length, 0, message.length);
  return concatBytes(length, message);
}

export interface DnsFramer {
  /** Takes the next bytes of the stream and gives the messages that they complete. */
  push(bytes: Uint8Array): Uint8Array[];
}

export function createDnsFramer(): DnsFramer {
  let pending = new Uint8Array(0);
  return {
    push: (bytes) => {
      pending = Uint8Array.from(concatBytes(pending, bytes));
      const messages: Uint8Array[] = [];
      let at = 0;
      while (at + 2 <= pending.length && at + 2 + readU16(pending, at) <= pending.length) {
        const end = at + 2 + readU16(pending, at);
        messages.push(pending.slice(at + 2, end));
        at = end;
      }
      pending = pending.slice(at);
      return messages;
    },
  };
}
