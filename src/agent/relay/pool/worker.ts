// Entry of a thread that processes messages for a relay's: it has the rules, and is told which of them a message meets.
import { workerData } from 'node:worker_threads';
import { setEvent } from '../../../kernel/wake-event.ts';
import { chooseWorker } from '../choose-relay.ts';
import { SHARED } from '../order.ts';
import { ownBytes } from './own-bytes.ts';
import type { PoolOrder, PoolOutcome, PoolRequest } from './pool-words.ts';

const { spec, seed, port, shared, event } = workerData as PoolOrder;
const counters = new Int32Array(shared);
const process = chooseWorker(spec, seed);

port.on('message', ({ session, ticket, work }: PoolRequest) => {
  const { bytes, ...said } = process(work);
  const answer: PoolOutcome = { session, ticket, outcome: { bytes: ownBytes(bytes), ...said } };
  port.postMessage(answer);
  Atomics.add(counters, SHARED.outcomes, 1);
  setEvent(event);
});
