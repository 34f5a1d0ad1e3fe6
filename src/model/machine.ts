// Machines: the computers that a lab is spread over, each with an agent of its own.

/** The machine that runner itself is on. */
export const LOCAL_MACHINE = 'local';

/** A machine on which the plan has nodes. */
export interface PlanMachine {
  readonly name: string;
  /** Null: the machine that runner itself is on. */
  readonly ssh: SshDestination | null;
  /** How the user that ssh logs in as becomes root; null: it stays who it is. */
  readonly become: 'sudo' | null;
  readonly underlay: PlanUnderlay;
  /** Milliseconds without a word from runner after which the lab's part on it takes itself down. */
  readonly deadMan: number;
}

/** What carries frames from machine to machine. */
export interface PlanUnderlay {
  /** The address at which the other machines reach it; null: the one at which ssh reaches it. */
  readonly address: string | null;
  /** WireGuard below VXLAN, on this UDP port; null: VXLAN alone. Either all machines of a plan have it or none. */
  readonly wireguard: { readonly port: number } | null;
}

/** One step of the way to a machine. */
export interface SshHop {
  /** A name, an address, or an alias of ssh_config(5). */
  readonly host: string;
  /** Null: as ssh_config(5) says, else 22. */
  readonly port: number | null;
  /** Null: as ssh_config(5) says, else the user that runs runner. */
  readonly user: string | null;
}

/** As the scenario or the inventory writes it; what is null or empty is left to ssh_config(5). */
export interface SshDestination extends SshHop {
  /** Files of private keys: absolute, `~/…`, or relative to the folder of the scenario's main file. */
  readonly identities: readonly string[];
  /** Files of known host keys, likewise. */
  readonly knownHosts: readonly string[];
  /** Machines to go through, the nearest first; null: as ssh_config(5) says. */
  readonly jumps: readonly SshHop[] | null;
}

/** What is noted about a machine of a run. */
export interface MachineRecord {
  readonly name: string;
  /** `user@host:port`, or `local`. */
  readonly reached: string;
  /** `uname -sr`. */
  readonly kernel: string;
  /** Versions of the agent and of its Node.js. */
  readonly agent: string;
  readonly node: string;
  /** The address of its underlay; null when the plan has no network across machines. */
  readonly underlay: string | null;
  readonly clock: ClockRecord;
}

/**
 * What a machine's clock says compared with the controller's. All times of the machine are corrected by it; the truth is
 * within `error` of the corrected time.
 */
export interface ClockRecord {
  /** Microseconds to add to the machine's time, at `at` (microseconds since the epoch, controller's clock). */
  readonly offset: number;
  readonly at: number;
  /** Microseconds of offset gained each second. */
  readonly drift: number;
  /** Microseconds. 0 for the controller's own machine. */
  readonly error: number;
  /** How many exchanges it rests on. */
  readonly samples: number;
  /** Microseconds by which it was set while the run went on, forward positive; absent when it was not. */
  readonly step?: number;
}

/** The controller's own clock. */
export const OWN_CLOCK: ClockRecord = { offset: 0, at: 0, drift: 0, error: 0, samples: 0 };

/** A time of a machine as the controller's clock would have told it; microseconds since the epoch. */
export const correctTime = ({ offset, at, drift }: ClockRecord, time: number): number =>
  time + offset + ((time + offset - at) / 1_000_000) * drift;

/** What a machine's clock shows when the controller's shows `time`: the inverse of `correctTime`. */
export const machineTime = (clock: ClockRecord, time: number): number =>
  time - clock.offset - ((time - clock.at) / 1_000_000) * clock.drift;

/** `user@host:port` as people write it, for messages. */
export const describeHop = ({ host, port, user }: SshHop): string =>
  `${user === null ? '' : `${user}@`}${host}${port === null ? '' : `:${port}`}`;

/** The machine that runner itself is on, with nothing written about it. */
export const LOCAL: PlanMachine = {
  name: LOCAL_MACHINE,
  ssh: null,
  become: null,
  underlay: { address: null, wireguard: null },
  deadMan: 60_000,
};
