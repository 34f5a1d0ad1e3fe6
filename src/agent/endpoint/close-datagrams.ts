import type { Socket } from 'node:dgram';

/** Closes a socket of datagrams, after which nothing is heard of it; closing one twice is no fault here. */
export function closeDatagrams(socket: Socket): void {
  socket.removeAllListeners();
  socket.on('error', () => undefined);
  try {
    socket.close();
  } catch (error) {
    if (!(
      error instanceof Error &&
      'code' in error &&
      error.code === 'ERR_SOCKET_DGRAM_NOT_RUNNING'
    ))
      throw error;
  }
}
