// A thread for agent-thread.test.ts: repeats what it hears until its shared word is set; throws when it hears so; or never ends.
import { parentPort, receiveMessageOnPort, workerData } from 'node:worker_threads';

const { shared, isDeaf } = workerData as { shared: SharedArrayBuffer; isDeaf: boolean };
const words = new Int32Array(shared);
parentPort?.postMessage('ready');
for (;;) {
  const stop = Atomics.load(words, 0);
  if (stop === 1 && !isDeaf) break;
  const received =
    parentPort && (receiveMessageOnPort(parentPort) as { message: string } | undefined);
  if (received?.message === 'throw') throw new Error('it was told to');
  if (received) parentPort?.postMessage(received.message);
  else Atomics.wait(words, 0, stop, 5);
}
