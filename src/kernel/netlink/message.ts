// Netlink messages to and from bytes (netlink(7)): header, attributes, acknowledgements. Pure: no sockets.
import { endianness } from 'node:os';
import { getSystemErrorName } from 'node:util';

/** A request to the kernel: what its header says and what writes its body. */
export interface NetlinkMessage {
  readonly type: number;
  /** Flags besides NLM_F_REQUEST. */
  readonly flags: number;
  readonly body: (out: MessageWriter) => void;
}

/** What the kernel refused: which message of the row, the errno's name and its own words, when it has any. */
export interface NetlinkRefusal {
  readonly index: number;
  readonly code: string;
  readonly text: string | undefined;
}

export const NLM_F_REQUEST = 0x1;
export const NLM_F_ACK = 0x4;
export const NLM_F_REPLACE = 0x100;
export const NLM_F_EXCL = 0x200;
export const NLM_F_CREATE = 0x400;
export const NLM_F_APPEND = 0x800;

const HEADER_LENGTH = 16;
const NLMSG_ERROR = 2;
/** The attributes of an extended acknowledgement follow. */
const NLM_F_ACK_TLVS = 0x200;
const NLMSGERR_ATTR_MSG = 1;
const NLA_F_NESTED = 0x8000;
const NLA_TYPE_MASK = 0x3fff;

// Netlink numbers are in the order of the machine.
const LITTLE = endianness() === 'LE';

/** Bytes that grow, with 4-byte alignment and lengths filled in afterwards, as netlink wants them. */
export class MessageWriter {
  #bytes: Uint8Array<ArrayBuffer> = new Uint8Array(4096);
  #view = new DataView(this.#bytes.buffer);
  #length = 0;

  get length(): number {
    return this.#length;
  }

  u8(value: number): void {
    const at = this.#take(1);
    this.#view.setUint8(at, value);
  }

  u16(value: number): void {
    const at = this.#take(2);
    this.#view.setUint16(at, value, LITTLE);
  }

  u32(value: number): void {
    const at = this.#take(4);
    this.#view.setUint32(at, value >>> 0, LITTLE);
  }

  bytes(value: Uint8Array): void {
    const at = this.#take(value.length);
    this.#bytes.set(value, at);
  }

  /** An attribute whose value `write` writes. */
  attribute(type: number, write: () => void): void {
    const start = this.#length;
    this.u16(0);
    this.u16(type);
    write();
    this.#view.setUint16(start, this.#length - start, LITTLE);
    this.#align();
  }

  nested(type: number, write: () => void): void {
    this.attribute(type | NLA_F_NESTED, write);
  }

  attributeU8(type: number, value: number): void {
    this.attribute(type, () => this.u8(value));
  }

  attributeU32(type: number, value: number): void {
    this.attribute(type, () => this.u32(value));
  }

  attributeBytes(type: number, value: Uint8Array): void {
    this.attribute(type, () => this.bytes(value));
  }

  /** Text with the zero byte at its end. */
  attributeText(type: number, value: string): void {
    this.attributeBytes(type, Buffer.from(`${value}\0`));
  }

  message(message: NetlinkMessage, sequence: number, extraFlags: number): void {
    const start = this.#length;
    this.u32(0);
    this.u16(message.type);
    this.u16(NLM_F_REQUEST | message.flags | extraFlags);
    this.u32(sequence);
    this.u32(0);
    message.body(this);
    this.#view.setUint32(start, this.#length - start, LITTLE);
    this.#align();
  }

  /** What was written so far. */
  take(): Buffer {
    return Buffer.from(this.#bytes.subarray(0, this.#length));
  }

  #align(): void {
    this.#take((4 - (this.#length % 4)) % 4);
  }

  /** Where the next `size` bytes begin; may replace the buffer and its view. */
  #take(size: number): number {
    const at = this.#length;
    this.#length += size;
    if (this.#length > this.#bytes.length) {
      const larger = new Uint8Array(Math.max(this.#bytes.length * 2, this.#length));
      larger.set(this.#bytes);
      this.#bytes = larger;
      this.#view = new DataView(larger.buffer);
    }
    return at;
  }
}

/**
 * A row of messages as one buffer, numbered from 1. Only the last asks for an acknowledgement: the kernel works through a
 * buffer in order and answers each failure unasked, so its reply says that all are done.
 */
export function encodeMessages(messages: readonly NetlinkMessage[]): Buffer {
  const out = new MessageWriter();
  for (const [index, message] of messages.entries())
    out.message(message, index + 1, index === messages.length - 1 ? NLM_F_ACK : 0);
  return out.take();
}

/** The refusals among the replies to messages numbered by encodeMessages. */
export function parseRefusals(replies: Uint8Array): NetlinkRefusal[] {
  const view = new DataView(replies.buffer, replies.byteOffset, replies.byteLength);
  const refusals: NetlinkRefusal[] = [];
  for (let at = 0; at + HEADER_LENGTH <= view.byteLength;) {
    const length = view.getUint32(at, LITTLE);
    const end = at + length;
    if (length < HEADER_LENGTH || end > view.byteLength) break;
    if (view.getUint16(at + 4, LITTLE) === NLMSG_ERROR && length >= HEADER_LENGTH + 4) {
      const error = view.getInt32(at + HEADER_LENGTH, LITTLE);
      if (error < 0)
        refusals.push({
          index: view.getUint32(at + 8, LITTLE) - 1,
          code: getSystemErrorName(error),
          text:
            (view.getUint16(at + 6, LITTLE) & NLM_F_ACK_TLVS) === 0
              ? undefined
              : // The refused message's own header comes first; NETLINK_CAP_ACK cuts its body off.
                findText(view, at + HEADER_LENGTH + 4 + HEADER_LENGTH, end),
        });
    }
    at = end + ((4 - (end % 4)) % 4);
  }
  return refusals;
}

function findText(view: DataView, start: number, end: number): string | undefined {
  for (let at = start; at + 4 <= end;) {
    const length = view.getUint16(at, LITTLE);
    if (length < 4 || at + length > end) return undefined;
    if ((view.getUint16(at + 2, LITTLE) & NLA_TYPE_MASK) === NLMSGERR_ATTR_MSG) {
      const text = Buffer.from(view.buffer, view.byteOffset + at + 4, length - 4);
      return text.toString('utf8').replace(/\0+$/, '');
    }
    at += (length + 3) & ~3;
  }
  return undefined;
}
