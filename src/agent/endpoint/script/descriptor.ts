import type { Socket } from 'node:net';
import { invariant } from '../../../base/invariant.ts';
import { tcpAbort } from '../../../kernel/tcp-socket.ts';

/** Of a connected socket: Node has no public word for it. */
export function descriptorOf(socket: Socket): number {
  const handle: unknown = Reflect.get(socket, '_handle');
  const fd: unknown = typeof handle === 'object' && handle ? Reflect.get(handle, 'fd') : undefined;
  invariant(typeof fd === 'number' && fd >= 0, 'A connected socket has a descriptor');
  return fd;
}

/** Ends a TCP connection with a RST; one that is closed already is none any more. */
export function resetSocket(socket: Socket): void {
  if (!socket.destroyed && socket.remotePort !== undefined) tcpAbort(descriptorOf(socket));
  socket.destroy();
}
