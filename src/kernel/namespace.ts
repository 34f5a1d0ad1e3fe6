// Network namespaces by file descriptor: nothing is mounted and nothing has a name, so nothing stays behind.
import { loadNative } from './native.ts';
import { closeDescriptor } from './process.ts';

interface NamespaceCalls {
  openNetworkNamespace(): number;
  createNetworkNamespace(): number;
  enterNetworkNamespace(fd: number): void;
}

const native = loadNative() as NamespaceCalls;

/** Creates an empty network namespace, which lives as long as the file descriptor given back. The thread stays where it is. */
export const createNetworkNamespace = (): number => native.createNetworkNamespace();

/** Opens the network namespace that this thread is in. */
export const openNetworkNamespace = (): number => native.openNetworkNamespace();

/**
 * Runs `action` with this thread in the namespace of `fd`. Sockets that it opens and processes that it spawns belong to
 * that namespace for good. `action` must be synchronous, and so must what it calls: after an await the thread is back, and
 * `server.listen` with a host opens its socket only then, even for an address.
 */
export function inNamespace<T>(fd: number, action: () => T): T {
  const home = native.openNetworkNamespace();
  try {
    native.enterNetworkNamespace(fd);
    try {
      return action();
    } finally {
      native.enterNetworkNamespace(home);
    }
  } finally {
    closeDescriptor(home);
  }
}

/** Moves this thread into the namespace of `fd` for good: for a worker that serves one node. */
export const enterNamespace = (fd: number): void => native.enterNetworkNamespace(fd);
