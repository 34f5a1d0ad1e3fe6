// Entry of a thread that processes messages for a relay's: it has the rules, and is told which of them a message meets.
import { workerData } from 'node:worker_threads';
import { wake } from '../../../kernel/waiter.ts';
import { chooseWorker } from '../choose-relay.ts';
import { SHARED } from '../order.ts';
import { ownBytes } from './own-bytes.ts';
import type { PoolOrder, PoolOutcome, PoolRequest } from './pool-words.ts';

const { spec, seed, port, shared } = workerData as PoolOrder;
const counters = new Int32Array(shared);
const process = chooseWorker(spec, seed);
let event = -1;

port.on('message', (request: PoolRequest) => {
  if (request.kind === 'event') {
    event = request.event;
    return;
  }
  const { session, ticket, work } = request;
  const { bytes, audits } = process(work);
  const answer: PoolOutcome = { session, ticket, outcome: { bytes: ownBytes(bytes), audits } };
  port.postMessage(answer);
  Atomics.add(counters, SHARED.outcomes, 1);
  wake(event);
});
