import type { AgentEnd } from '../agent-process.ts';
import type { Holder } from './local.ts';

/** Settles when the holder is gone and what it wrote last was read. */
export function endOfHolder(holder: Holder): Promise<AgentEnd> {
  return new Promise((resolve) => {
    holder.on('error', (error) => resolve({ reason: error.message, wasKilled: false }));
    // `close`, not `exit`: what it wrote last has then been read.
    holder.on('close', (code, signal) => {
      // unshare(1) of an agent that a signal ended ends by the same signal, or with 128 and its number.
      const wasKilled = signal !== null || (code ?? 0) > 128;
      resolve({
        reason: signal === null ? `exit code ${code ?? -1}` : `killed by ${signal}`,
        wasKilled,
      });
    });
  });
}
