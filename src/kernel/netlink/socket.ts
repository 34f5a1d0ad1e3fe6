// Sends rtnetlink(7) messages in the network namespace that this thread is in, many at once.
import { loadNative } from '../native.ts';
import { closeDescriptor } from '../process.ts';
import {
  type NetlinkMessage,
  type NetlinkRefusal,
  encodeMessages,
  parseRefusals,
} from './message.ts';

interface NetlinkCalls {
  netlinkOpen(protocol: number): number;
  netlinkExchange(fd: number, messages: Buffer): Buffer;
}

const native = loadNative() as NetlinkCalls;
const NETLINK_ROUTE = 0;
/** Each refusal is a reply that waits in the socket's receive buffer (212,992 bytes at the least) until the row is done. */
const ROW_LENGTH = 128;

/** The kernel refused a message. `index` says which of those given to `exchange`. */
export class NetlinkError extends Error {
  override readonly name = 'NetlinkError';
  readonly index: number;
  /** The errno's name: `EEXIST`. */
  readonly code: string;

  constructor(refusal: NetlinkRefusal) {
    super(refusal.text ?? refusal.code);
    this.index = refusal.index;
    this.code = refusal.code;
  }
}

/** A socket of the network namespace that this thread was in when it was opened. */
export class NetlinkSocket {
  readonly #fd: number = native.netlinkOpen(NETLINK_ROUTE);

  /** Has the kernel carry out the messages in order. Throws a NetlinkError for the first one refused; later ones of its row still happen. */
  exchange(messages: readonly NetlinkMessage[]): void {
    for (let start = 0; start < messages.length; start += ROW_LENGTH)
      this.exchangeRow(encodeMessages(messages.slice(start, start + ROW_LENGTH)), start);
  }

  /** As `exchange`, with one row of messages that `encodeMessages` has made; `start` is the index of its first one. */
  exchangeRow(row: Buffer, start = 0): void {
    const [refusal] = parseRefusals(native.netlinkExchange(this.#fd, row));
    if (refusal) throw new NetlinkError({ ...refusal, index: start + refusal.index });
  }

  close(): void {
    closeDescriptor(this.#fd);
  }
}

/** As `NetlinkSocket.exchange`, by a socket of its own. */
export function exchange(messages: readonly NetlinkMessage[]): void {
  if (messages.length === 0) return;
  const socket = new NetlinkSocket();
  try {
    socket.exchange(messages);
  } finally {
    socket.close();
  }
}
