// One machine's part of a lab: its agent, and the way there.
import type { AgentMethod, AgentMethods } from '../../model/rpc.ts';
import { Fault } from '../../base/fault.ts';
import { type ClockRecord, LOCAL_MACHINE, type PlanMachine } from '../../model/machine.ts';
import type { FarAgent, FarMachine } from '../far/far-machine.ts';
import type { ClockWatch } from '../clock/watch-clock.ts';
import type { Session } from '../session.ts';

export interface Part {
  readonly machine: PlanMachine;
  /** Of this part alone. */
  readonly labId: string;
  readonly session: Session;
  /** Absent on the machine that runner is on. */
  readonly far?: FarPart;
  /** The machine's clock beside ours, as far as it is known by now. */
  clock(): ClockRecord;
  /** Ends it at once. */
  kill(): void;
  /** Lets go of an agent that was told to stay. */
  readonly release: () => Promise<void>;
}

export interface FarPart {
  readonly machine: FarMachine;
  readonly agent: FarAgent;
  readonly watch: ClockWatch;
}

/** Asks the agent of a part; a fault says on which machine it happened. */
export async function callPart<M extends AgentMethod>(
  part: Part,
  method: M,
  params: AgentMethods[M]['params'],
  timeoutMs: number,
): Promise<AgentMethods[M]['result']> {
  return onMachine(part.machine.name, part.session.call(method, params, timeoutMs));
}

/** Takes one machine's part down. */
export async function closePart({ session, far }: Part): Promise<void> {
  await session.close();
  far?.machine.close();
}

/** Waits for work on a machine; its fault says where it happened, unless that is here. */
export async function onMachine<T>(name: string, work: Promise<T>): Promise<T> {
  try {
    return await work;
  } catch (error) {
    throw atMachine(name, error);
  }
}

export function atMachine(name: string, error: unknown): unknown {
  if (name === LOCAL_MACHINE || !(error instanceof Fault)) return error;
  const place = `Machine "${name}"`;
  if (error.message.startsWith(place)) return error;
  const { kind, message, help } = error;
  return new Fault(kind, `${place}: ${message}`, { help, cause: error });
}
