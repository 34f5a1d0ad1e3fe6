// What a lab is to those who use it: one agent on each of its machines, which together look like one.
import type { Ask } from '../ssh/ssh.ts';
import type { MachineRecord } from '../model/machine.ts';
import type { Plan } from '../model/plan.ts';
import type { AgentEvent, AgentFacts, AgentMethod, AgentMethods } from '../model/rpc.ts';

export interface LabOptions {
  readonly labId: string;
  readonly scenario: string;
  /** The agent's bundle, absolute. */
  readonly agentFile: string;
  /** Whether the lab may outlive this process: then only the end of its input, before it is told to stay, ends it. */
  readonly keepable: boolean;
  readonly onEvent: (event: AgentEvent) => void;
  /** Lines that agents write beside the conversation: warnings and stray output. */
  readonly onLog?: (line: string) => void;
  /** What will be built. Without it the lab is on this machine alone. */
  readonly plan?: Plan;
  /** What is of use only to labs on several machines. */
  readonly abroad?: AbroadOptions;
}

export interface AbroadOptions {
  /** The folder of the scenario's main file, absolute. */
  readonly folder: string;
  readonly ask: Ask;
  /** How far the way to a machine is made, for people. */
  readonly onProgress: (text: string) => void;
  /** What a person should know about a connection: lost, found again. */
  readonly onNotice: (text: string) => void;
  /** Ends the making of connections. */
  readonly stopping: AbortSignal;
  /** Ends everything at once. */
  readonly killing: AbortSignal;
}

export interface Lab {
  readonly id: string;
  /** Of the first machine's agent. */
  readonly facts: AgentFacts;
  /** Asks all agents that the method is for, and gives their answers as one. */
  call<M extends AgentMethod>(
    method: M,
    params: AgentMethods[M]['params'],
    timeoutMs: number,
  ): Promise<AgentMethods[M]['result']>;
  /** What is known of each machine by now, `local` first. */
  machines(): MachineRecord[];
  /** What weakens the evidence: clocks that were set meanwhile, and the like. */
  warnings(): string[];
  /** Settles when the lab, or the part of it on one machine, is gone, whoever ended it. */
  readonly ended: Promise<{ reason: string }>;
  /** Takes the lab down; settles when nothing of it runs any more, or nothing more can be done about it. */
  close(): Promise<void>;
  /** After `close`: which machines may still run a part of it, a sentence each. */
  leftovers(): string[];
  /** Leaves the lab running for good; this process may end. */
  detach(): Promise<void>;
}
