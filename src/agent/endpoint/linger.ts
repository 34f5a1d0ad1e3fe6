import type { Duplex } from 'node:stream';

/** Closes finished connections without cutting them off: a socket that is destroyed with bytes unread sends a RST. */
export interface Linger {
  /** Sends a FIN, throws away what still comes and forgets the socket when the peer has closed too. */
  close(socket: Duplex): void;
  /** As `close`, where `end` sends the FIN and takes what still comes. */
  follow(socket: Duplex, end: () => void): void;
  /** Resolves when no connection is closing any more; those left after `limit` milliseconds are cut off. */
  settle(limit: number): Promise<void>;
}

/** Milliseconds that a peer has to close its side. */
const PEER_CLOSES_WITHIN = 2000;

export function createLinger(): Linger {
  const closing = new Map<Duplex, Promise<void>>();
  const follow = (socket: Duplex, end: () => void): void => {
    if (socket.closed) return;
    socket.on('error', () => undefined);
    const timer = setTimeout(() => socket.destroy(), PEER_CLOSES_WITHIN);
    const closed = new Promise<void>((resolve) => {
      socket.once('close', () => {
        clearTimeout(timer);
        closing.delete(socket);
        resolve();
      });
    });
    closing.set(socket, closed);
    end();
  };
  return {
    follow,
    close: (socket) =>
      follow(socket, () => {
        socket.removeAllListeners('data');
        socket.resume();
        socket.end();
      }),
    settle: async (limit) => {
      const timer = setTimeout(() => {
        for (const socket of closing.keys()) socket.destroy();
      }, limit);
      await Promise.all(closing.values());
      clearTimeout(timer);
    },
  };
}
