// The agent's door to the packet thread: censors in and beside the way of packets, and segments of our own switch.
import { join } from 'node:path';
import { Worker } from 'node:worker_threads';
import { Fault } from '../../base/fault.ts';
import { wake } from '../../kernel/waiter.ts';
import type { LinkMeasurement } from '../../model/rpc.ts';
import type { AgentContext } from '../context.ts';
import { closeKernelPath, openQueuePath } from './kernel-path.ts';
import { type LinkProbes, createLinkProbes } from './measure/link-probes.ts';
import { measureLinks } from './measure/measure-links.ts';
import { type PacketOrder, type PacketReply, SHARED } from './order.ts';
import { ProgramHost } from './program/program-host.ts';
import { type PacketWork, listWork } from './work.ts';

export interface PacketPaths {
  /** Resolved when every packet goes its planned way. */
  start(): Promise<void>;
  /** Sends frames of our own across each impaired link within the machine. Before traffic, or it measures the traffic too. */
  measure(): Promise<LinkMeasurement[]>;
  /** This machine's end of links to other machines. */
  readonly probes: LinkProbes;
  /** What has arrived and is due by now still leaves; what would leave later does not. Safe to call twice. */
  stop(): Promise<void>;
}

/** Until the thread has opened all its rings, and until it has ended. */
const START_LIMIT_MS = 15_000;
const STOP_LIMIT_MS = 3_000;

/** `segments` are the networks of kind `switch` that our own switch carries; the kernel carries the others. */
export function createPacketPaths(context: AgentContext, segments: readonly string[]): PacketPaths {
  const work = listWork(context.plan, segments);
  let thread: PacketThread | undefined;
  return {
    async start() {
      if (work.networks.length === 0 && work.nodes.length === 0) return;
      thread = new PacketThread(context, segments, work);
      const opened = thread.ready();
      // Their processes run while the thread starts. The rings are read before the kernel's own way is closed or opened.
      const prepared = closePaths(context, work);
      await Promise.all([opened, prepared]);
      await openQueues(context, work);
      await thread.startPrograms();
    },
    measure: () => measureLinks(context),
    probes: createLinkProbes(context),
    async stop() {
      await thread?.stop();
      thread = undefined;
    },
  };
}

async function closePaths(context: AgentContext, { nodes }: PacketWork): Promise<void> {
  for (const { node, mode } of nodes)
    if (mode === 'ring') await closeKernelPath(node, context.namespaceFd(node.name));
}

/** After the thread has bound the queues: a rule without a queue drops everything. */
async function openQueues(context: AgentContext, { nodes }: PacketWork): Promise<void> {
  const lockFile = join(context.directory, 'lab', 'xtables.lock');
  for (const { node, mode } of nodes)
    if (mode === 'queue') await openQueuePath(node, context.namespaceFd(node.name), lockFile);
}

class PacketThread {
  readonly #context: AgentContext;
  readonly #shared: Int32Array;
  readonly #worker: Worker;
  readonly #ended: Promise<void>;
  readonly #programs: readonly ProgramHost[];
  #event: number | undefined;
  #isStopping = false;
  #failure: Fault | undefined;
  #onReady: (outcome: Fault | undefined) => void = () => undefined;
  readonly #onExit = (): void => this.#signalStop();

  constructor(context: AgentContext, segments: readonly string[], work: PacketWork) {
    this.#context = context;
    this.#shared = new Int32Array(new SharedArrayBuffer(SHARED.words * 4));
    const names = [
      ...(work.networks.length > 0 ? [null] : []),
      ...work.nodes.map(({ node }) => node.name),
    ];
    this.#programs = work.nodes.flatMap(({ censors }) =>
      censors.flatMap((censor) =>
        censor.program === undefined ? [] : [new ProgramHost(context, censor, censor.program)],
      ),
    );
    const order: PacketOrder = {
      plan: context.plan,
      segments,
      namespaces: names.map((name) => [name, context.namespaceFd(name)] as const),
      programs: this.#programs.map(({ censor, controlFd }) => [censor, controlFd] as const),
      shared: this.#shared.buffer as SharedArrayBuffer,
    };
    // Beside the agent's bundle, or this file's own sources when it runs from them.
    const entry = import.meta.url.endsWith('.ts') ? './worker.ts' : './agent-packet.js';
    this.#worker = new Worker(new URL(entry, import.meta.url), {
      workerData: order,
      // Its descriptors are native code's, which Node's own accounts do not know.
      trackUnmanagedFds: false,
    });
    this.#worker.on('message', (reply: PacketReply) => this.#onReply(reply));
    this.#worker.on('error', (error: Error) => {
      this.#failure ??= new Fault('run', `The packet thread broke: ${error.message}`, {
        cause: error,
      });
    });
    this.#ended = new Promise((resolve) => {
      this.#worker.on('exit', () => {
        this.#onEnd();
        resolve();
      });
    });
    // The process waits for its threads when it exits, and this one may be waiting for a packet.
    process.on('exit', this.#onExit);
  }

  async ready(): Promise<void> {
    const outcome = await new Promise<Fault | undefined>((resolve) => {
      const limit = setTimeout(() => {
        resolve(new Fault('run', `The packet thread is not ready after ${START_LIMIT_MS} ms`));
      }, START_LIMIT_MS);
      this.#onReady = (fault) => {
        clearTimeout(limit);
        resolve(fault);
      };
    });
    if (outcome) throw outcome;
  }

  async startPrograms(): Promise<void> {
    await Promise.all(this.#programs.map((program) => program.start()));
  }

  async stop(): Promise<void> {
    this.#isStopping = true;
    for (const program of this.#programs) program.expectEnd();
    this.#signalStop();
    const limit = setTimeout(() => void this.#worker.terminate(), STOP_LIMIT_MS);
    await this.#ended;
    clearTimeout(limit);
    await Promise.all(this.#programs.map((program) => program.stop()));
  }

  #signalStop(): void {
    Atomics.store(this.#shared, SHARED.stop, 1);
    if (this.#event !== undefined) wake(this.#event);
  }

  #onReply(reply: PacketReply): void {
    const context = this.#context;
    switch (reply.kind) {
      case 'ready':
        this.#event = reply.event;
        this.#onReady(undefined);
        return;
      case 'fault':
        this.#failure = new Fault(reply.fault.kind, reply.fault.message, {
          help: reply.fault.help,
        });
        return;
      case 'events':
        for (const event of reply.events) context.emit({ kind: 'censor', ...event });
        Atomics.add(this.#shared, SHARED.taken, reply.events.length);
        return;
      case 'loss':
        context.emit({ kind: 'loss', time: now(), ...reply.loss });
        return;
      case 'program':
        this.#programs.find(({ censor }) => censor === reply.censor)?.onWord(reply);
    }
  }

  #onEnd(): void {
    this.#event = undefined;
    process.off('exit', this.#onExit);
    if (this.#isStopping) return;
    const fault = this.#failure ?? new Fault('run', 'The packet thread ended by itself');
    this.#onReady(fault);
    const { kind, message, help } = fault;
    const reason = { kind, message, ...(help !== undefined && { help }) };
    this.#context.emit({ kind: 'broken', time: now(), fault: reason });
  }
}

/** Microseconds since the epoch. */
const now = (): number => Date.now() * 1000;
