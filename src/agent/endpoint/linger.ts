import type { Socket } from 'node:net';

/** Closes finished connections without cutting them off: a socket that is destroyed with bytes unread sends a RST. */
export interface Linger {
  /** Sends a FIN, throws away what still comes and forgets the socket when the peer has closed too. */
  close(socket: Socket): void;
  /** Resolves when no connection is closing any more; those left after `limit` milliseconds are cut off. */
  settle(limit: number): Promise<void>;
}

/** Milliseconds that a peer has to close its side. */
const PEER_CLOSES_WITHIN = 2000;

export function createLinger(): Linger {
  const closing = new Map<Socket, Promise<void>>();
  return {
    close: (socket) => {
      if (socket.closed) return;
      socket.removeAllListeners('data');
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
      socket.resume();
      socket.end();
    },
    settle: async (limit) => {
      const timer = setTimeout(() => {
        for (const socket of closing.keys()) socket.destroy();
      }, limit);
      await Promise.all(closing.values());
      clearTimeout(timer);
    },
  };
}
