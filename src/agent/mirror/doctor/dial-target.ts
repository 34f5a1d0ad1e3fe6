// Whether the target accepts connections of the online server's host.
import { constants } from 'node:os';
import { setTimeout as pause } from 'node:timers/promises';
import { inNamespace } from '../../../kernel/namespace.ts';
import { closeDescriptor } from '../../../kernel/process.ts';
import {
  abortOnClose,
  connectStream,
  peerAddress,
  streamError,
} from '../../../kernel/stream-socket.ts';
import type { MirrorFacts } from '../../../model/mirror-doctor.ts';

const REFUSED = constants.errno.ECONNREFUSED;
/** A SYN that is lost is sent again after a second. */
const LIMIT_MS = 1500;
const LOOK_EVERY_MS = 2;

/** From the namespace of `fd`. The connection ends at once, and nothing is said in it. */
export async function dialTarget(
  fd: number,
  address: string,
  port: number,
): Promise<MirrorFacts['port']> {
  const socket = inNamespace(fd, () => connectStream({ kind: 'ip', address, port }));
  if (socket < 0) return 'silent';
  try {
    const limit = performance.now() + LIMIT_MS;
    while (performance.now() < limit) {
      const failed = streamError(socket);
      if (failed < 0) return -failed === REFUSED ? 'closed' : 'silent';
      if (peerAddress(socket) !== null) return 'open';
      await pause(LOOK_EVERY_MS);
    }
    return 'silent';
  } finally {
    abortOnClose(socket);
    closeDescriptor(socket);
  }
}
