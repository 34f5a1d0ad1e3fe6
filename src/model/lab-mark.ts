// How a running lab is recognised from outside. There is no state file: the lab's own processes are the record.

/** Environment of every process of a lab. */
export const LAB_ENVIRONMENT = {
  /** The lab's id. */
  id: 'RUNNER_LAB',
  /** The scenario's name. */
  scenario: 'RUNNER_LAB_SCENARIO',
} as const;

/** Name of the agent's memory file (memfd_create(2)) that holds a LabMark as JSON. */
export const LAB_MARK_NAME = 'runner-lab';

/** What the agent says of itself to whoever may read its file descriptors. */
export interface LabMark {
  readonly id: string;
  readonly scenario: string;
  /** Milliseconds since the epoch. */
  readonly started: number;
  /** Where captures, logs and hosts files go; empty until the lab is built. */
  readonly directory: string;
  /** Whether it outlives its controller. */
  readonly kept: boolean;
  /** Node name → the agent's file descriptor of its network namespace. */
  readonly nodes: Readonly<Record<string, number>>;
  /** Node name → the engine's id of its container. */
  readonly containers: Readonly<Record<string, string>>;
}

/**
 * The agent's file descriptor of the machine's /proc: containers are processes that its own PID namespace does not show.
 */
export const MACHINE_PROC_FD = 4;
