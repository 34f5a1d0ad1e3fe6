import { connect } from 'node:net';
import type { Socket, SocketConnectOpts } from 'node:net';
import type { ScriptChannel } from '../../../model/script.ts';
import { retryWhileTaken } from './retry.ts';

/** A connection that can still be given up. */
export interface Connecting {
  /** Rejects with the system's error. */
  readonly connected: Promise<Socket>;
  readonly abandon: () => void;
}

/** Connects from the channel's own address and port; `path` is of a socket file. */
export function connectStream(
  { source, destination }: ScriptChannel,
  path: string | null,
): Connecting {
  const options: SocketConnectOpts =
    path === null
      ? {
          host: destination.address,
          port: destination.port,
          localAddress: source.address,
          ...(source.port !== 0 && { localPort: source.port }),
          autoSelectFamily: false,
          noDelay: true,
        }
      : { path };
  let socket: Socket | undefined;
  let isAbandoned = false;
  const attempt = (): Promise<Socket> =>
    new Promise((resolve, reject) => {
      if (isAbandoned) {
        reject(new Error('The connection was given up'));
        return;
      }
      const opening = connect({ ...options, allowHalfOpen: true });
      socket = opening;
      opening.once('error', reject);
      opening.once('connect', () => {
        opening.off('error', reject);
        socket = undefined;
        resolve(opening);
      });
    });
  return {
    connected: retryWhileTaken(attempt),
    abandon: () => {
      isAbandoned = true;
      socket?.destroy();
    },
  };
}
