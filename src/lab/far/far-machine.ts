// A machine reached over ssh, with this program's bundle on it.
import type { SshChannel, Terminal } from '../../ssh/ssh.ts';
import type { AgentProcess } from '../agent-process.ts';

export interface FarFacts {
  /** `user@host:port`. */
  readonly reached: string;
  /** The address at which ssh reached it, as it sees it itself; a zone is left out. */
  readonly address: string;
  /** The address from which it was reached, as it sees it. */
  readonly peer: string;
  /** `uname -sr`. */
  readonly kernel: string;
  /** Of whoever the lab belongs to there: 0 after `become: sudo`. */
  readonly uid: number;
}

export interface FarMachine {
  readonly name: string;
  readonly facts: FarFacts;
  /**
   * Starts a program there as the user that labs belong to. Connects anew when the connection is gone. `argv` may begin with
   * FAR_RUNNER for this program's own command line.
   */
  run(argv: readonly string[], terminal?: Terminal): Promise<SshChannel>;
  /** Starts an agent there; the lab's files go to a folder of its own, which is gone with the lab. */
  startAgent(options: FarAgentOptions): Promise<FarAgent>;
  close(): void;
}

/** In place of a program's name: the bundle's own command line. */
export const FAR_RUNNER = ':runner';

export interface FarAgentOptions {
  /** Of the lab's part on that machine. */
  readonly labId: string;
  readonly scenario: string;
  readonly keepable: boolean;
  /** Milliseconds without a word from here after which it takes itself down. */
  readonly deadMan: number;
  /** The range of addresses of a way out (uplinkRange() of model/uplink.ts), or null: then the lab has none. */
  readonly uplink: string | null;
}

/** Its conversation goes on over a new connection when the old one is lost, until the dead-man time is over. */
export interface FarAgent extends AgentProcess {
  /** Where the lab's captures, logs and files are there; absolute. */
  readonly directory: string;
}
