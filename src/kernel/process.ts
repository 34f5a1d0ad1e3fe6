// Calls of the process itself that Node has no words for.
import { loadNative } from './native.ts';

interface ProcessCalls {
  closeDescriptor(fd: number): void;
  createMemoryFile(name: string): number;
  waitForProcess(pid: number): boolean;
}

const native = loadNative() as ProcessCalls;

/** An empty file that has no place in any directory and is gone with its last descriptor: memfd_create(2). */
export const createMemoryFile = (name: string): number => native.createMemoryFile(name);

/** Closes a descriptor that a native call gave; in worker threads Node's own close warns of those that it did not open. */
export const closeDescriptor = (fd: number): void => native.closeDescriptor(fd);

/** Takes an ended child out of the process table; false when there was none to take: waitpid(2) with WNOHANG. */
export const waitForProcess = (pid: number): boolean => native.waitForProcess(pid);
