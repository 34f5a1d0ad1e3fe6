// How a running lab is recognised from outside. There is no state file: the lab's own processes are the record.

import type { PlanMachine } from './machine.ts';

/** Environment of every process of a lab. */
export const LAB_ENVIRONMENT = {
  /** The lab's id. */
  id: 'RUNNER_LAB',
  /** The scenario's name. */
  scenario: 'RUNNER_LAB_SCENARIO',
  /** Whence it was started: a LabOrigin. */
  origin: 'RUNNER_LAB_ORIGIN',
} as const;

/** Eight hexadecimal digits. */
export const isLabId = (text: string): boolean => /^[0-9a-f]{8}$/.test(text);

/**
 * Whence a lab was started, `<boot id>/<PID namespace>`: only who is in that PID namespace, in that boot, can tell from
 * the processes that are there whether the lab runs. Engines are shared by more than see each other's processes.
 */
export type LabOrigin = string;

/** Name of the agent's memory file (memfd_create(2)) that holds a LabMark as JSON. */
export const LAB_MARK_NAME = 'runner-lab';

/** What the agent says of itself to whoever may read its file descriptors. */
export interface LabMark {
  readonly id: string;
  readonly scenario: string;
  /** Milliseconds since the epoch. */
  readonly started: number;
  /** Where captures, logs and hosts files go; empty until the lab is prepared. */
  readonly directory: string;
  /** Whether it outlives its controller. */
  readonly kept: boolean;
  /** Node name → the agent's file descriptor of its network namespace. */
  readonly nodes: Readonly<Record<string, number>>;
  /** Node name → the engine's id of its container. */
  readonly containers: Readonly<Record<string, string>>;
  /** The address of the engine that has its containers, `unix:///var/run/docker.sock`; empty until the lab asks one. */
  readonly engine: string;
  /** The other machines that the lab is spread over, and how to get there. */
  readonly machines: readonly FarLabPart[];
}

/** In the folder `lab` of a lab that is kept: the socket by which its agent is asked. */
export const doorName = 'agent.sock';

/** A part of a lab on another machine. */
export interface FarLabPart {
  readonly machine: PlanMachine;
  /** The id of the lab's part there. */
  readonly id: string;
  /** Names of the nodes there. */
  readonly nodes: readonly string[];
}

/**
 * The agent's file descriptor of the machine's /proc: containers are processes that its own PID namespace does not show.
 */
export const MACHINE_PROC_FD = 4;

/** The agent's file descriptor of the network namespace that it was started in: the machine's own stack. */
export const MACHINE_NET_FD = 5;

/** How long an agent that is to end waits for the containers that its engine is making, in milliseconds. */
export const CREATION_LIMIT_MS = 10_000;
