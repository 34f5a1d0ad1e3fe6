// A RST that comes after the peer's FIN: Node no longer watches the socket then, and tells only who writes.
import type { Socket } from 'node:net';
import { errorBehindEnd } from './descriptor.ts';

/** Milliseconds between two looks. */
const EVERY = 2;

/** Calls `onReset` with the code of what ended the connection; until then, or until the socket is closed, it looks again. */
export function watchReset(socket: Socket, onReset: (code: string) => void): void {
  const timer = setInterval(() => {
    const code = errorBehindEnd(socket);
    if (code === null) return;
    stop();
    onReset(code);
  }, EVERY);
  const stop = (): void => clearInterval(timer);
  if (socket.destroyed) stop();
  else socket.once('close', stop);
}
