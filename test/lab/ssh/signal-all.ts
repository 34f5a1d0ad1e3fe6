import { hasCode } from '../../../src/trial/error-code.ts';

/** Signals each that is still there: the end of one may have ended the next. */
export function signalAll(pids: readonly number[], signal: NodeJS.Signals): void {
  for (const pid of pids)
    try {
      process.kill(pid, signal);
    } catch (error) {
      if (!hasCode(error, 'ESRCH')) throw error;
    }
}
