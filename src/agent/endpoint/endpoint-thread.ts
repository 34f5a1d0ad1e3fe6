import { Worker } from 'node:worker_threads';
import { Fault } from '../../base/fault.ts';
import type {
  EndpointMethod,
  EndpointMethods,
  EndpointResponse,
  EndpointSetup,
} from './protocol.ts';

/** The thread of one node, seen from the agent's main thread. */
export interface EndpointThread {
  /** Rejects with a `Fault` when the thread refuses, or ends before it has answered. */
  call<M extends EndpointMethod>(
    method: M,
    params: EndpointMethods[M]['params'],
  ): Promise<EndpointMethods[M]['result']>;
  /** Ends the thread and with it every socket that it has open. */
  terminate(): Promise<void>;
}

/** From the sources the worker is its own file; in dist/ it is a bundle beside the agent's. */
const WORKER = new URL(
  import.meta.url.endsWith('.ts') ? './worker.ts' : './agent-endpoint.js',
  import.meta.url,
);

/** `onBroken` hears once that the thread ended unasked. */
export function startEndpointThread(
  setup: EndpointSetup,
  onBroken: (fault: Fault) => void,
): EndpointThread {
  // The agent's standard output carries its messages to the runner: nothing of a thread may get there.
  const worker = new Worker(WORKER, { workerData: setup, stdout: true });
  const pending = new Map<number, PendingCall>();
  let lastId = 0;
  let over: Fault | undefined;

  const end = (fault: Fault): void => {
    over ??= fault;
    for (const waiting of pending.values()) waiting.reject(over);
    pending.clear();
  };
  const breakDown = (reason: string, cause?: unknown): void => {
    if (over) return;
    const fault = new Fault('run', `The thread of node "${setup.node}" ended: ${reason}`, {
      cause,
    });
    end(fault);
    onBroken(fault);
  };
  worker.on('error', (error) => breakDown(error.message, error));
  worker.on('exit', (code) => breakDown(`exit code ${code}`));
  worker.on('message', (response: EndpointResponse) => {
    const waiting = pending.get(response.id);
    pending.delete(response.id);
    if (!('fault' in response)) waiting?.resolve(response.result);
    else
      waiting?.reject(
        new Fault(response.fault.kind, response.fault.message, { help: response.fault.help }),
      );
  });
  return {
    call: (method, params) =>
      new Promise((resolve, reject) => {
        if (over) {
          reject(over);
          return;
        }
        lastId += 1;
        pending.set(lastId, { resolve, reject });
        worker.postMessage({ id: lastId, method, params });
      }),
    terminate: async () => {
      end(new Fault('run', `The traffic of node "${setup.node}" was stopped`));
      await worker.terminate();
    },
  };
}

interface PendingCall {
  /** The thread answers each method with its own result: protocol.ts pairs them. */
  resolve(result: unknown): void;
  reject(fault: Fault): void;
}
