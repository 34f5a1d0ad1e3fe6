import { setPriority } from 'node:os';

/**
 * Lets the calling thread go before the programs that it delays or plays against, where the machine lets it: what leaves on time
 * is kept by this thread alone.
 */
export function hurry(): void {
  try {
    // 0 is the calling thread: setpriority(2), "C library/kernel differences".
    setPriority(0, PRIORITY);
  } catch {
    // An ordinary user may not; packets then leave a little later on a busy machine.
  }
}

const PRIORITY = -15;
