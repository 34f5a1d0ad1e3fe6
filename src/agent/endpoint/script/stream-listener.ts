// Where connections come in: one listener for all plays that wait at a place, each of which takes the next connection that is its.
import type { Server, Socket } from 'node:net';
import { createServer } from 'node:net';
import type { ListenOptions } from 'node:net';
import { resetSocket } from './descriptor.ts';
import { retryWhileTaken } from './retry.ts';

/** A play that waits for a connection. */
export interface Waiting {
  /** Where its peer connects from; port 0: any. */
  readonly source: { readonly address: string; readonly port: number };
  take(socket: Socket): void;
}

export interface StreamListener {
  /** Hands over the next connection that comes, or has come, for this play; the function given back ends the waiting. */
  wait(waiting: Waiting): () => void;
  /** One play less needs it; the last closes it. */
  release(): void;
}

export interface StreamListeners {
  /** Resolves when the kernel accepts connections there. Rejects with the system's error. */
  open(place: ListenOptions): Promise<StreamListener>;
}

interface Entry {
  readonly server: Promise<Server>;
  readonly waiting: Set<Waiting>;
  /** Connections that came before their plays. */
  readonly early: Set<Socket>;
  users: number;
}

export function createStreamListeners(): StreamListeners {
  const entries = new Map<string, Entry>();

  const start = (key: string, place: ListenOptions): Entry => {
    const waiting = new Set<Waiting>();
    const early = new Set<Socket>();
    const onConnection = (socket: Socket): void => {
      const play = choose(waiting, socket);
      if (play) {
        waiting.delete(play);
        play.take(socket);
        return;
      }
      early.add(socket);
      socket.once('close', () => early.delete(socket)).on('error', () => undefined);
    };
    const server = retryWhileTaken(() => listen(place, onConnection));
    const entry = { server, waiting, early, users: 0 };
    entries.set(key, entry);
    return entry;
  };
  const release = (key: string, entry: Entry): void => {
    entry.users -= 1;
    if (entry.users > 0) return;
    if (entries.get(key) === entry) entries.delete(key);
    for (const socket of entry.early) resetSocket(socket);
    entry.server.then(
      (server) => server.close(),
      () => undefined,
    );
  };
  return {
    open: async (place) => {
      const key = place.path ?? `${place.host ?? ''} ${place.port ?? 0}`;
      const entry = entries.get(key) ?? start(key, place);
      entry.users += 1;
      try {
        await entry.server;
      } catch (error) {
        release(key, entry);
        throw error;
      }
      return {
        wait: (waiting) => {
          const socket = [...entry.early].find((candidate) => fits(waiting, candidate));
          if (socket) {
            entry.early.delete(socket);
            waiting.take(socket);
          } else entry.waiting.add(waiting);
          return () => entry.waiting.delete(waiting);
        },
        release: () => release(key, entry),
      };
    },
  };
}

/** A play whose peer has this very port comes first; then those that are content with any. */
function choose(waiting: ReadonlySet<Waiting>, socket: Socket): Waiting | undefined {
  let any: Waiting | undefined;
  for (const play of waiting) {
    if (play.source.port === 0) any ??= play;
    else if (fits(play, socket)) return play;
  }
  if (any) return any;
  // Behind a NAT the port is another.
  const [first] = waiting;
  return first !== undefined && socket.remoteAddress !== first.source.address ? first : undefined;
}

const fits = ({ source }: Waiting, socket: Socket): boolean =>
  source.port === 0 || source.port === socket.remotePort;

function listen(place: ListenOptions, onConnection: (socket: Socket) => void): Promise<Server> {
  const server = createServer(
    // Nothing is read before a play listens.
    { allowHalfOpen: true, noDelay: true, pauseOnConnect: true },
    onConnection,
  );
  return new Promise((resolve, reject) => {
    server.once('error', reject);
    server.listen({ ...place, backlog: 4096 }, () => {
      server.off('error', reject).on('error', () => undefined);
      resolve(server);
    });
  });
}
