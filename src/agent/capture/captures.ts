// Captures on the interfaces that the plan names: started before the first packet, drained after the last. The packets
// are read by a thread of their own.
import { resolve } from 'node:path';
import { Worker } from 'node:worker_threads';
import { Fault } from '../../base/fault.ts';
import type { Plan, PlanCapture } from '../../model/plan.ts';
import type { AgentFault, CaptureStats } from '../../model/rpc.ts';
import type { AgentContext } from '../context.ts';
import type {
  CaptureCounts,
  CaptureOrder,
  CaptureReply,
  CaptureRequest,
  NamedFilter,
} from './messages.ts';

export interface Captures {
  /** Starts the thread and loads libpcap in it, when there is anything to capture. A bad filter of the plan is a usage fault. */
  load(): Promise<void>;
  /** Resolved when every capture sees packets. A bad filter is a usage fault with libpcap's message. */
  start(): Promise<void>;
  /** Every packet that an interface had seen when it was called is in its file. */
  stop(): Promise<CaptureStats[]>;
  /** How many packets of pcap files, absolute or relative to the directory, pass a BPF filter. */
  countPackets(files: readonly string[], filter: string): Promise<number>;
}

interface Pending {
  readonly resolve: (result: unknown) => void;
  readonly reject: (fault: Fault) => void;
}

/** `hasTold` says of an interface that is gone whether somebody who knows why has told, or tells in a moment. */
export function createCaptures(
  context: AgentContext,
  hasTold: (node: string, device: string) => Promise<boolean> = () => Promise.resolve(false),
): Captures {
  const { plan, directory } = context;
  const pending = new Map<number, Pending>();
  let worker: Worker | null = null;
  let lastId = 0;

  const call = (request: CaptureRequest): Promise<unknown> => {
    worker ??= startWorker(onReply, onDeath);
    const target = worker;
    // The thread keeps the process alive only while somebody waits for it.
    target.ref();
    lastId += 1;
    const id = lastId;
    return new Promise((resolve, reject) => {
      pending.set(id, { resolve, reject });
      target.postMessage({ id, ...request });
    });
  };
  const onReply = (reply: CaptureReply): void => {
    if ('broken' in reply) {
      void tell(reply);
      return;
    }
    const waiting = pending.get(reply.id);
    pending.delete(reply.id);
    if (pending.size === 0) worker?.unref();
    if ('fault' in reply) {
      const { kind, message, help } = reply.fault;
      waiting?.reject(new Fault(kind, message, { help }));
    } else waiting?.resolve(reply.result);
  };
  const tell = async ({ broken, gone }: { broken: AgentFault; gone?: string }): Promise<void> => {
    const lost = plan.captures.find((capture) => nameOf(capture) === gone);
    if (lost && (await hasTold(lost.node, lost.interface))) return;
    context.emit({ kind: 'broken', time: now(), fault: broken });
  };
  const onDeath = (reason: string): void => {
    worker = null;
    const fault = new Fault('run', `The capture thread of the agent ended: ${reason}`);
    const { kind, message } = fault;
    context.emit({ kind: 'broken', time: now(), fault: { kind, message } });
    for (const { reject } of pending.values()) reject(fault);
    pending.clear();
  };

  return {
    async load() {
      if (plan.captures.length === 0) return;
      // Not among the lab's own files: the building, which goes on meanwhile, clears those away first.
      const scratch = resolve(directory, 'captures', 'no-packets.pcap');
      await call({ method: 'load', filters: filtersOf(plan), scratch });
    },
    async start() {
      if (plan.captures.length === 0) return;
      await call({
        method: 'start',
        orders: plan.captures.map((capture) => order(capture, context)),
      });
    },
    async stop() {
      if (plan.captures.length === 0) return [];
      const counts = (await call({ method: 'stop' })) as readonly CaptureCounts[];
      return plan.captures.flatMap(({ node, network, file }, index) => {
        const count = counts[index];
        return count ? [{ node, network, file, ...count }] : [];
      });
    },
    async countPackets(files, filter) {
      if (files.length === 0) return 0;
      const paths = files.map((file) => resolve(directory, file));
      return Number(await call({ method: 'count', files: paths, filter }));
    },
  };
}

function filtersOf({ captures, expectations }: Plan): NamedFilter[] {
  return [
    ...captures.map(({ node, network, filter }) => ({
      owner: `capture ${node}.${network}`,
      filter,
    })),
    ...expectations.flatMap((wish) =>
      wish.kind === 'capture'
        ? [{ owner: `the expectation about the capture of ${wish.node}`, filter: wish.filter }]
        : [],
    ),
  ].filter(({ filter }) => filter !== '');
}

const nameOf = ({ node, network }: PlanCapture): string => `${node}.${network}`;

function order(capture: PlanCapture, context: AgentContext): CaptureOrder {
  const { node, file, filter, snaplen } = capture;
  return {
    name: nameOf(capture),
    interface: capture.interface,
    namespace: context.namespaceFd(node),
    file: resolve(context.directory, file),
    filter,
    snaplen,
  };
}

function startWorker(
  onReply: (reply: CaptureReply) => void,
  onDeath: (reason: string) => void,
): Worker {
  const entry = import.meta.url.endsWith('.ts') ? './worker.ts' : './agent-capture.js';
  const worker = new Worker(new URL(entry, import.meta.url));
  let reason = 'it exited';
  worker.on('message', onReply);
  worker.on('error', (error: Error) => {
    reason = error.message;
  });
  worker.on('exit', () => onDeath(reason));
  return worker;
}

/** Microseconds since the epoch. */
const now = (): number => Date.now() * 1000;
