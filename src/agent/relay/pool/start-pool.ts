// The threads that process messages, as the main thread sees them: started and ended.
import { MessageChannel, type MessagePort, Worker } from 'node:worker_threads';
import type { RelaySpec } from '../../../model/relay.ts';
import type { PoolOrder } from './pool-words.ts';

export interface Pool {
  /** For the relay's thread, one to each. */
  readonly ports: readonly MessagePort[];
  stop(): Promise<void>;
}

/** `onBroken` hears of a thread that ended unasked. */
export function startPool(
  { spec, seed }: { readonly spec: RelaySpec; readonly seed: number },
  { shared, event }: Pick<PoolOrder, 'shared' | 'event'>,
  onBroken: (reason: string) => void,
): Pool {
  let isStopping = false;
  const members = Array.from({ length: spec.workers }, () => {
    const { port1, port2 } = new MessageChannel();
    const workerData: PoolOrder = { spec, seed, port: port2, shared, event };
    // Beside the relay's bundle, or this folder's own sources when it runs from them.
    const entry = import.meta.url.endsWith('.ts') ? './worker.ts' : './agent-relay-pool.js';
    const worker = new Worker(new URL(entry, import.meta.url), {
      workerData,
      transferList: [port2],
      stdout: true,
    });
    worker.on('error', ({ message }: Error) => onBroken(message));
    worker.on('exit', (code) => {
      if (!isStopping) onBroken(`exit code ${code}`);
    });
    return { worker, port: port1 };
  });
  return {
    ports: members.map(({ port }) => port),
    stop: async () => {
      isStopping = true;
      await Promise.all(members.map(({ worker }) => worker.terminate()));
    },
  };
}
