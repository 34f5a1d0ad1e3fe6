import { setTimeout as delay } from 'node:timers/promises';

/**
 * Milliseconds in which a port that the connection before still holds becomes free: TIME-WAIT ends after 1 s for a connection
 * with timestamps where net.ipv4.tcp_tw_reuse is 1 (tcp_twsk_unique() in net/ipv4/tcp_ipv4.c), which counts whole seconds.
 */
const FREE_WITHIN = 2500;
const PAUSE = 10;

/** Does it again while the port is taken. */
export async function retryWhileTaken<T>(attempt: () => Promise<T>): Promise<T> {
  for (const start = performance.now(); ;) {
    try {
      return await attempt();
    } catch (error) {
      if (!isTaken(error) || performance.now() - start > FREE_WITHIN) throw error;
    }
    await delay(PAUSE);
  }
}

const isTaken = (error: unknown): boolean =>
  error instanceof Error &&
  'code' in error &&
  (error.code === 'EADDRINUSE' || error.code === 'EADDRNOTAVAIL');
