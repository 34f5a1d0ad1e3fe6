// What an ssh connection is to the rest of the program. ssh2 is used in this folder and nowhere else.
import type { Readable, Writable } from 'node:stream';
import type { SshDestination } from '../model/machine.ts';

export interface SshOptions {
  /** The machine's name in the scenario, for messages. */
  readonly machine: string;
  readonly destination: SshDestination;
  /** What relative paths of the destination are relative to; absolute. */
  readonly folder: string;
  /** Asks the person at the terminal for a secret; null where nobody can be asked. */
  readonly ask: Ask;
  readonly signal?: AbortSignal;
}

/** Gives what was typed, which is not shown, or null when there is no terminal. `question` names what is asked for and where. */
export type Ask = (question: string) => Promise<string | null>;

/** A program on the other machine. */
export interface SshChannel {
  readonly stdin: Writable;
  readonly stdout: Readable;
  readonly stderr: Readable;
  /** Settles when the channel is closed: after all output was read, or when the connection is gone (`code` and `signal` null). */
  readonly ended: Promise<{ readonly code: number | null; readonly signal: string | null }>;
  resize(columns: number, rows: number): void;
  /** Closes the channel: the program's input and output are gone, which ends most. */
  close(): void;
}

export interface Terminal {
  readonly term: string;
  readonly columns: number;
  readonly rows: number;
}

/** A file that is put on the other machine. */
export interface PushedFile {
  /** Absolute, on this machine. */
  readonly from: string;
  /** Relative, below the folder that it is put in. */
  readonly to: string;
  readonly mode: number;
}

export interface SshConnection {
  /** `user@host:port` as it was reached. */
  readonly reached: string;
  /** Runs a command line of the login shell there; quoting is the caller's. */
  exec(command: string, terminal?: Terminal): Promise<SshChannel>;
  /**
   * Puts files into a folder there by SFTP; modes are set, and folders are made that only their owner may enter. `folder` is
   * absolute. Throws a machine fault, the full disk with its own words, and takes away what it has brought. When `signal`
   * aborts it rejects at once with its reason: what is there by then is the caller's to remove.
   */
  push(folder: string, files: readonly PushedFile[], signal?: AbortSignal): Promise<void>;
  /** Settles when the connection is gone, with why; null when it was closed on this side. */
  readonly closed: Promise<string | null>;
  close(): void;
}
