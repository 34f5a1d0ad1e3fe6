// A channel over a connected stream socket: TCP, TLS over TCP, or a socket file.
import type { Socket } from 'node:net';
import type { Duplex } from 'node:stream';
import type { ChannelTuple } from '../../../model/script.ts';
import { tcpSend } from '../../../kernel/tcp-socket.ts';
import { descriptorOf, errorBehindEnd, resetSocket } from './descriptor.ts';
import { toPlayFault } from './fault.ts';
import type { Channel, Tell } from './channel.ts';
import { createSegmentWriter } from './segment-writer.ts';
import type { PieceSender } from './segment-writer.ts';
import { watchReset } from './watch-reset.ts';

export interface StreamChannelOptions {
  readonly channel: number;
  /** The socket itself. */
  readonly socket: Socket;
  /** What bytes are written to and read from: the socket, or TLS over it. */
  readonly stream: Duplex;
  readonly tuple: ChannelTuple | null;
  readonly tell: Tell;
}

/** Milliseconds that a peer has for its part of closing. */
const CLOSING_LIMIT = 2000;
/** What TLS 1.3 adds to a record: its header, the content type and the tag of the cipher (RFC 8446 section 5.2). */
const TLS_OVERHEAD = 22;

export function createStreamChannel(options: StreamChannelOptions): Channel {
  const { channel, socket, stream, tuple, tell } = options;
  const isTcp = tuple !== null;
  const writer = isTcp ? createSegmentWriter(pieceSender(socket, stream)) : null;
  const state = { hasEnded: false, isClosing: false, wasReset: false };

  const fail = (error: Error, operation: 'read' | 'write'): void => {
    if (state.wasReset) return;
    if ('code' in error && RESETS.has(String(error.code))) {
      state.wasReset = true;
      tell({ kind: 'reset', channel });
    }
    // Whoever waits for a command of this channel to be done waits in vain.
    else tell({ kind: 'failed', fault: toPlayFault(error, operation) });
  };
  const finishWrite = (error: Error | null | undefined): void => {
    if (!error) tell({ kind: 'sent', channel });
    else if (state.wasReset) tell({ kind: 'failed', fault: toPlayFault(error, 'write') });
    else {
      fail(error, 'write');
      // One that was awaited fails the send nevertheless.
      tell({ kind: 'failed', fault: toPlayFault(error, 'write') });
    }
  };
  stream.on('data', (bytes: Buffer) => tell({ kind: 'data', channel, bytes }));
  // One that was accepted is held until a play listens.
  stream.resume();
  const failBehindEnd = (code: string): void =>
    fail(Object.assign(new Error(`read ${code}`), { code, syscall: 'read' }), 'read');
  stream.once('end', () => {
    const code = isTcp ? errorBehindEnd(socket) : null;
    if (code !== null) {
      failBehindEnd(code);
      return;
    }
    state.hasEnded = true;
    tell({ kind: 'end', channel });
    if (isTcp) watchReset(socket, failBehindEnd);
  });
  stream.on('error', (error) => fail(error, 'read'));
  if (stream !== socket) socket.on('error', (error) => fail(error, 'read'));

  const writeFramed = (bytes: Uint8Array, sizes: readonly number[]): 'done' | 'pending' => {
    if (!writer) return writeInTurn(stream, bytes, sizes, finishWrite);
    try {
      return writer.write(bytes, sizes, finishWrite) ? 'done' : 'pending';
    } catch (error) {
      // The player is told when it has heard that it must wait.
      const reason = error instanceof Error ? error : new Error(String(error));
      process.nextTick(finishWrite, reason);
      return 'pending';
    }
  };
  const end = (onDone: () => void): void => {
    if (state.isClosing) {
      onDone();
      return;
    }
    state.isClosing = true;
    stream.end(onDone);
  };
  const abort = (): void => {
    writer?.stop();
    if (isTcp) resetSocket(socket);
    socket.destroy();
    stream.destroy();
  };
  return {
    tuple,
    get obstacle() {
      return writer?.obstacle ?? null;
    },
    send: ({ bytes, framing }) => {
      if (bytes.length === 0) return 'done';
      if (framing !== 'stream') return writeFramed(bytes, framing);
      stream.write(bytes, finishWrite);
      return 'pending';
    },
    close: (how) => {
      if (how === 'reset') {
        abort();
        return 'done';
      }
      end(() => tell({ kind: 'sent', channel }));
      return 'pending';
    },
    finish: async (isFirst) => {
      if (socket.destroyed) return;
      stream.on('error', () => undefined).resume();
      const closed = new Promise<void>((resolve) => socket.once('close', () => resolve()));
      const timer = setTimeout(() => socket.destroy(), CLOSING_LIMIT);
      const close = (): void => end(() => undefined);
      if (isFirst || state.hasEnded) close();
      else stream.once('end', close);
      await closed;
      clearTimeout(timer);
    },
    abort,
  };
}

/** Linux reports a RST that comes after the peer's FIN as EPIPE (tcp_reset() in net/ipv4/tcp_input.c). */
const RESETS: ReadonlySet<string> = new Set(['ECONNRESET', 'EPIPE']);

/** Without segments each piece is at least a write of its own. */
function writeInTurn(
  stream: Duplex,
  bytes: Uint8Array,
  sizes: readonly number[],
  onEnd: (error?: Error | null) => void,
): 'pending' {
  let offset = 0;
  const next = (index: number): void => {
    const size = sizes[index] ?? 0;
    const piece = bytes.subarray(offset, offset + size);
    offset += size;
    stream.write(piece, (error) => {
      if (error || index === sizes.length - 1) onEnd(error);
      else next(index + 1);
    });
  };
  next(0);
  return 'pending';
}

function pieceSender(socket: Socket, stream: Duplex): PieceSender {
  const fd = descriptorOf(socket);
  if (stream === socket)
    return {
      fd,
      overhead: 0,
      isImmediate: true,
      send: (bytes, offset, length) => tcpSend(fd, bytes, offset, length),
    };
  return {
    fd,
    overhead: TLS_OVERHEAD,
    isImmediate: false,
    send: (bytes, offset, length, onTaken) => {
      stream.write(bytes.subarray(offset, offset + length), () => onTaken());
      return length;
    },
  };
}
