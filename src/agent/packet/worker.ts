// Entry of the packet thread: opens every ring that the order asks for, says so, and serves until told to stop.
import { parentPort, workerData } from 'node:worker_threads';
import { Fault } from '../../base/fault.ts';
import { invariant } from '../../base/invariant.ts';
import { hurry } from '../hurry.ts';
import { EventReporter } from './event-reporter.ts';
import { buildLabLoop } from './lab-loop.ts';
import { type PacketOrder, type PacketReply, SHARED } from './order.ts';

const port = parentPort;
invariant(port, 'The packet thread is started by the agent');
const post = (reply: PacketReply): void => port.postMessage(reply);
try {
  serve(workerData as PacketOrder);
} catch (error) {
  const { kind, message, help } = asFault(error);
  post({ kind: 'fault', fault: { kind, message, ...(help !== undefined && { help }) } });
}

function serve(order: PacketOrder): void {
  const shared = new Int32Array(order.shared);
  const reporter = new EventReporter(shared, post);
  const loop = buildLabLoop(
    order,
    reporter,
    (loss) => post({ kind: 'loss', loss }),
    (word) => post({ kind: 'program', ...word }),
  );
  hurry();
  post({ kind: 'ready', event: loop.event });
  loop.run(
    () => Atomics.load(shared, SHARED.stop) === 1,
    () => reporter.flush(),
  );
}

function asFault(error: unknown): Fault {
  if (error instanceof Fault) return error;
  const reason = error instanceof Error ? error.message : String(error);
  return new Fault('machine', `The packet path cannot be opened: ${reason}`, {
    help: 'Run "runner doctor": it says which permission or kernel feature is missing',
    cause: error,
  });
}
