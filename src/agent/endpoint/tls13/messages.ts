import { concatBytes, readU24, readU8 } from '../../../wire/bytes.ts';
import { ALERT, TlsFault } from './tls-fault.ts';

/** A handshake message (RFC 8446 section 4). */
export interface TlsMessage {
  readonly type: number;
  readonly body: Uint8Array;
  /** Header and body, as the transcript has it. */
  readonly whole: Uint8Array;
}

export interface MessageReader {
  /** Takes the content of the next handshake record and gives the messages that it completes. */
  push(content: Uint8Array): TlsMessage[];
}

const HEADER_LENGTH = 4;
/** No chain of certificates of the field comes near. */
const MAX_LENGTH = 262_144;

export function createMessageReader(): MessageReader {
  let pending = new Uint8Array(0);
  return {
    push: (content) => {
      pending = Uint8Array.from(concatBytes(pending, content));
      const messages: TlsMessage[] = [];
      while (pending.length >= HEADER_LENGTH) {
        const length = readU24(pending, 1);
        if (length > MAX_LENGTH)
          throw new TlsFault(
            'ERR_SSL_EXCESSIVE_MESSAGE_SIZE',
            `The server sent a message of ${length} bytes`,
            ALERT.illegalParameter,
          );
        const end = HEADER_LENGTH + length;
        if (pending.length < end) break;
        const whole = pending.slice(0, end);
        messages.push({ type: readU8(whole, 0), body: whole.subarray(HEADER_LENGTH), whole });
        pending = pending.slice(end);
      }
      return messages;
    },
  };
}
