// Entry of the packet thread: opens every ring that the order asks for, says so, and serves until told to stop.
import {
  type MessagePort,
  parentPort,
  receiveMessageOnPort,
  workerData,
} from 'node:worker_threads';
import { Fault } from '../../base/fault.ts';
import { invariant } from '../../base/invariant.ts';
import { hurry } from '../../kernel/schedule.ts';
import { EventReporter } from './event-reporter.ts';
import type { AgentFault } from '../../model/rpc.ts';
import { type LabLoop, buildLabLoop } from './lab-loop.ts';
import {
  type PacketCommand,
  type PacketMessage,
  type PacketOrder,
  type PacketReply,
  SHARED,
} from './order.ts';

const port = parentPort;
invariant(port, 'The packet thread is started by the agent');
const post = (reply: PacketReply): void => port.postMessage(reply);
try {
  serve(port, workerData as PacketOrder);
} catch (error) {
  post({ kind: 'fault', fault: describeFault(asFault(error)) });
}

function serve(port: MessagePort, order: PacketOrder): void {
  const shared = new Int32Array(order.shared);
  const reporter = new EventReporter(shared, post);
  const lab = buildLabLoop(
    order,
    reporter,
    (loss) => post({ kind: 'loss', loss }),
    (word) => post({ kind: 'program', ...word }),
  );
  const { loop } = lab;
  loop.count({ report: () => reportCensors(lab) });
  let obeyed = 0;
  hurry();
  post({ kind: 'ready' });
  loop.run(
    () => Atomics.load(shared, SHARED.stop) === 1,
    () => {
      reporter.flush();
      for (; obeyed !== Atomics.load(shared, SHARED.messages); obeyed += 1) hear(port, lab);
      const news = lab.interceptions.take();
      if (news.length > 0) post({ kind: 'interception', news });
    },
  );
}

function reportCensors({ loop, censors }: LabLoop): void {
  const reports = censors.report({
    queue: loop.packets,
    deepestQueue: loop.mostPackets,
    waiting: loop.queue.waiting,
    p50: loop.times.quantile(0.5),
    p99: loop.times.quantile(0.99),
  });
  if (reports.length > 0) post({ kind: 'statistics', reports });
}

/** The message was posted before it was counted: it is there. */
function hear(port: MessagePort, lab: LabLoop): void {
  const received = receiveMessageOnPort(port) as { readonly message: PacketMessage } | undefined;
  invariant(received, 'A message is posted before it is counted');
  const { message } = received;
  switch (message.kind) {
    case 'command':
      obey(message, lab);
      return;
    case 'interception':
      for (const wish of message.wishes) lab.interceptions.interceptor.give(wish);
  }
}

function obey({ id, censor, change }: PacketCommand, { loop, censors }: LabLoop): void {
  try {
    censors.change(censor, change);
    // What the kernel carries comes back first.
    loop.settle();
    post({ kind: 'changed', id });
  } catch (error) {
    post({ kind: 'changed', id, fault: describeFault(asFault(error)) });
  }
}

function describeFault({ kind, message, help }: Fault): AgentFault {
  return { kind, message, ...(help !== undefined && { help }) };
}

function asFault(error: unknown): Fault {
  if (error instanceof Fault) return error;
  const reason = error instanceof Error ? error.message : String(error);
  return new Fault('machine', `The packet path cannot be opened: ${reason}`, {
    help: 'Run "runner doctor": it says which permission or kernel feature is missing',
    cause: error,
  });
}
