// The packet thread as the agent's main thread sees it: started, told, heard and ended.
import { Worker } from 'node:worker_threads';
import { Fault } from '../../base/fault.ts';
import { WakeEvent } from '../../kernel/wake-event.ts';
import type { AgentFault } from '../../model/rpc.ts';
import type { CensorChange } from '../../model/traffic.ts';
import type { AgentContext } from '../context.ts';
import { CensorLogs } from './censor-logs.ts';
import { Interceptors } from './intercept/interceptors.ts';
import { type PacketMessage, type PacketOrder, type PacketReply, SHARED } from './order.ts';
import { ProgramHost } from './program/program-host.ts';
import type { PacketWork } from './work.ts';

/** Until the thread has opened all its rings, until it has done what it is told, and until it has ended. */
const START_LIMIT_MS = 15_000;
const COMMAND_LIMIT_MS = 15_000;
const STOP_LIMIT_MS = 3_000;

export class PacketThread {
  readonly #context: AgentContext;
  readonly #shared: Int32Array;
  readonly #worker: Worker;
  readonly #ended: Promise<void>;
  readonly #event = new WakeEvent();
  #hasEnded = false;
  #isStopping = false;
  #failure: Fault | undefined;
  readonly #logs: CensorLogs;
  readonly #interceptors: Interceptors;
  readonly #programs: readonly ProgramHost[];
  readonly #commands = new Map<number, (fault: Fault | undefined) => void>();
  #lastCommand = 0;
  #onReady: (outcome: Fault | undefined) => void = () => undefined;
  readonly #onExit = (): void => this.#signalStop();

  constructor(context: AgentContext, segments: readonly string[], work: PacketWork) {
    this.#context = context;
    this.#logs = new CensorLogs(context.directory);
    this.#interceptors = new Interceptors(context, this.#logs, (wishes) =>
      this.#say({ kind: 'interception', wishes }),
    );
    this.#shared = new Int32Array(new SharedArrayBuffer(SHARED.words * 4));
    const names = [
      ...(work.networks.length > 0 ? [null] : []),
      ...work.nodes.map(({ node }) => node.name),
    ];
    this.#programs = programsOf(context, work);
    const order: PacketOrder = {
      plan: context.plan,
      segments,
      namespaces: names.map((name) => [name, context.namespaceFd(name)] as const),
      programs: this.#programs.map(({ censor, controlFd }) => [censor, controlFd] as const),
      shared: this.#shared.buffer as SharedArrayBuffer,
      event: this.#event.fd,
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
    const outcome = await within(START_LIMIT_MS, 'is not ready', (settle) => {
      this.#onReady = settle;
    });
    if (outcome) throw outcome;
  }

  /** Resolves when each has said that it is ready. */
  async startPrograms(): Promise<void> {
    await Promise.all(this.#programs.map((program) => program.start()));
  }

  /** Resolves when it is in force. */
  async control(censor: string, change: CensorChange): Promise<void> {
    const host = this.#programs.find((program) => program.censor === censor);
    const program = change.kind === 'reload' ? change.spec.program : undefined;
    if (program !== undefined && host === undefined)
      throw new Fault('usage', `The censor "${censor}" has no program that another could replace`, {
        help: 'Give it one from the beginning: one that lets everything pass will do',
      });
    const id = (this.#lastCommand += 1);
    const outcome = await within(COMMAND_LIMIT_MS, 'has not done what it was told', (settle) => {
      if (this.#hasEnded) {
        settle(new Fault('run', 'The packet thread has ended'));
        return;
      }
      this.#commands.set(id, settle);
      this.#say({ kind: 'command', id, censor, change });
    });
    this.#commands.delete(id);
    if (outcome) throw outcome;
    if (program !== undefined) await host?.reload(program);
  }

  async stop(): Promise<void> {
    this.#isStopping = true;
    for (const program of this.#programs) program.expectEnd();
    this.#signalStop();
    const limit = setTimeout(() => void this.#worker.terminate(), STOP_LIMIT_MS);
    await this.#ended;
    clearTimeout(limit);
    this.#interceptors.close();
    await Promise.all(this.#programs.map((program) => program.stop()));
    await this.#logs.close();
  }

  /** Nothing when the thread has ended. */
  #say(message: PacketMessage): void {
    if (this.#hasEnded) return;
    this.#worker.postMessage(message);
    Atomics.add(this.#shared, SHARED.messages, 1);
    this.#event.set();
  }

  #signalStop(): void {
    Atomics.store(this.#shared, SHARED.stop, 1);
    this.#event.set();
  }

  #onReply(reply: PacketReply): void {
    const context = this.#context;
    switch (reply.kind) {
      case 'ready':
        this.#onReady(undefined);
        return;
      case 'fault':
        this.#failure = faultOf(reply.fault);
        return;
      case 'events':
        for (const event of reply.events) context.emit({ kind: 'censor', ...event });
        Atomics.add(this.#shared, SHARED.taken, reply.events.length);
        return;
      case 'interception':
        this.#interceptors.hear(reply.news);
        return;
      case 'changed':
        this.#commands.get(reply.id)?.(reply.fault && faultOf(reply.fault));
        return;
      case 'statistics':
        for (const { censor: name, on, statistics, path } of reply.reports) {
          const record = { name, on, statistics, path };
          context.emit({ kind: 'statistics', time: now(), ...record });
          this.#logs.note(record);
        }
        return;
      case 'loss':
        context.emit({ kind: 'loss', time: now(), ...reply.loss });
        return;
      case 'program':
        this.#programs.find(({ censor }) => censor === reply.censor)?.onWord(reply);
    }
  }

  #onEnd(): void {
    this.#hasEnded = true;
    this.#event.close();
    process.off('exit', this.#onExit);
    const ended = new Fault('run', 'The packet thread has ended');
    for (const settle of this.#commands.values()) settle(ended);
    if (this.#isStopping) return;
    const fault = this.#failure ?? new Fault('run', 'The packet thread ended by itself');
    this.#onReady(fault);
    const { kind, message, help } = fault;
    const reason = { kind, message, ...(help !== undefined && { help }) };
    this.#context.emit({ kind: 'broken', time: now(), fault: reason });
  }
}

/** One for each censor that has a program, whatever number of nodes it is on. */
function programsOf(context: AgentContext, { nodes }: PacketWork): readonly ProgramHost[] {
  const hosts = new Map<string, ProgramHost>();
  for (const censor of nodes.flatMap(({ censors }) => censors))
    if (censor.program !== undefined && !hosts.has(censor.name))
      hosts.set(censor.name, new ProgramHost(context, censor, censor.program));
  return [...hosts.values()];
}

const faultOf = ({ kind, message, help }: AgentFault): Fault => new Fault(kind, message, { help });

/** What `begin` is settled with, or a fault when it is not in time. */
async function within(
  millis: number,
  lateness: string,
  begin: (settle: (outcome: Fault | undefined) => void) => void,
): Promise<Fault | undefined> {
  let limit: NodeJS.Timeout | undefined;
  const outcome = await new Promise<Fault | undefined>((resolve) => {
    limit = setTimeout(
      () => resolve(new Fault('run', `The packet thread ${lateness} after ${millis} ms`)),
      millis,
    );
    begin(resolve);
  });
  clearTimeout(limit);
  return outcome;
}

/** Microseconds since the epoch. */
const now = (): number => Date.now() * 1000;
