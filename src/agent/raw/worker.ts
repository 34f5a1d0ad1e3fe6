// Entry of the thread of raw endpoints: serves until told to stop.
import { parentPort, receiveMessageOnPort, workerData } from 'node:worker_threads';
import { invariant } from '../../base/invariant.ts';
import { hurry } from '../../kernel/schedule.ts';
import { type RawReply, type RawRequest, type RawSetup, SHARED } from './order.ts';
import { RawLoop } from './raw-loop.ts';

const port = parentPort;
invariant(port, 'The thread of raw endpoints is started by the agent');
const { shared, event } = workerData as RawSetup;
const words = new Int32Array(shared);
const loop = new RawLoop(event, (reply: RawReply) => port.postMessage(reply));
hurry();
loop.run(
  () => Atomics.load(words, SHARED.stop) === 1,
  () => nextRequest(),
);

/** The loop never comes back to Node's own: requests are fetched. */
function nextRequest(): RawRequest | undefined {
  invariant(port, 'The port stays');
  // The agent's main thread wrote it.
  return receiveMessageOnPort(port)?.message as RawRequest | undefined;
}
