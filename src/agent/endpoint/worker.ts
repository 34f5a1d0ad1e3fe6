// The thread of one node: it moves into the node's network namespace first, so every socket it opens is the node's.
import { parentPort, workerData } from 'node:worker_threads';
import { Fault } from '../../base/fault.ts';
import { invariant, unreachable } from '../../base/invariant.ts';
import { enterNamespace } from '../../kernel/namespace.ts';
import { createEndpoint } from './endpoint.ts';
import type { Endpoint } from './endpoint.ts';
import type { EndpointRequest, EndpointResponse, EndpointSetup } from './protocol.ts';

const setup = workerData as EndpointSetup;
enterNamespace(setup.namespaceFd);
const endpoint = createEndpoint(setup);
const port = parentPort;
invariant(port, 'worker.ts runs as a worker thread');
port.on('message', (request: EndpointRequest) => {
  void handle(endpoint, request)
    .then((result): EndpointResponse => ({ id: request.id, result }))
    .catch((error: unknown): EndpointResponse => ({ id: request.id, fault: toFault(error) }))
    .then((response) => port.postMessage(response));
});

function handle(endpoint: Endpoint, request: EndpointRequest): Promise<unknown> {
  switch (request.method) {
    case 'load':
      return endpoint.load(request.params);
    case 'start':
      return endpoint.start(request.params);
    case 'probe':
      return endpoint.probe(request.params);
    case 'open':
      return endpoint.open(request.params);
    case 'play':
      return endpoint.play(request.params);
    case 'endPlay':
      return endpoint.endPlay(request.params);
    case 'stop':
      return endpoint.stop();
    default:
      return unreachable(request, 'request to an endpoint');
  }
}

function toFault(error: unknown): { kind: Fault['kind']; message: string; help?: string } {
  if (!(error instanceof Error)) return { kind: 'run', message: String(error) };
  if (!(error instanceof Fault)) return { kind: 'run', message: error.stack ?? error.message };
  const { kind, message, help } = error;
  return help === undefined ? { kind, message } : { kind, message, help };
}
