// What we ask of a container engine, whichever it is. Every call ends within a bound of its own or rejects with a Fault.
import type { Readable, Writable } from 'node:stream';
import type { ContainerSpec, EngineFacts } from '../model/container.ts';

export interface Engine {
  readonly facts: EngineFacts;
  /** Undefined when the engine has no image of that name. */
  findImage(name: string): Promise<LocalImage | undefined>;
  pullImage(name: string, onProgress: (line: string) => void): Promise<void>;
  /** Builds and tags; `onProgress` hears the lines of the build. Rejects with a Fault that ends in the last of them. */
  buildImage(order: BuildOrder, onProgress: (line: string) => void): Promise<void>;
  /** Creates, does not start; gives the id. A volume that the container names is made with the lab's label. */
  createContainer(order: ContainerOrder): Promise<string>;
  startContainer(id: string): Promise<void>;
  inspectContainer(id: string): Promise<ContainerState>;
  /** Sends the signal, and SIGKILL after `graceMs`; settles when it has ended. */
  stopContainer(id: string, signal: string | null, graceMs: number): Promise<void>;
  /** Starts a program in a running container. */
  execute(id: string, order: ExecOrder): Promise<Execution>;
  /** Everything that the container writes from now on; the streams end when it ends. With a terminal all is `stdout`. */
  attachOutput(
    id: string,
    isTty: boolean,
  ): Promise<{ readonly stdout: Readable; readonly stderr: Readable }>;
  /**
   * Copies a file or folder of this machine into a container, as `cp -a` does: into `to` when that is a folder there or
   * ends in a slash, else under that name. Missing parent folders are made; all of it belongs to root.
   */
  copyIn(id: string, from: string, to: string): Promise<void>;
  /**
   * Copies a file or folder out of a container; `to` is what it is called here. Gives the paths of the files written.
   * Links, devices and the like below it are left out: `onSkipped` hears which, and why.
   */
  copyOut(
    id: string,
    from: string,
    to: string,
    onSkipped?: (line: string) => void,
  ): Promise<string[]>;
  /** What becomes of the containers of a lab, from now on; `lost` settles when the engine no longer tells. */
  watch(labId: string, onEvent: (event: EngineEvent) => void): Promise<EngineWatch>;
}

export interface LocalImage {
  /** `sha256:…` of its configuration. */
  readonly id: string;
  /** `name@sha256:…`; null when it was never in a registry. */
  readonly digest: string | null;
  readonly entrypoint: readonly string[];
  readonly command: readonly string[];
  readonly environment: Readonly<Record<string, string>>;
  /** The image's own HEALTHCHECK in the engine's words (`CMD`, `CMD-SHELL` first); empty when it has none. */
  readonly healthcheck: {
    readonly test: readonly string[];
    /** Milliseconds; null: not said. */
    readonly interval: number | null;
    readonly timeout: number | null;
    readonly startPeriod: number | null;
    readonly retries: number | null;
  };
}

export interface BuildOrder {
  /** An absolute folder. `.dockerignore` holds. */
  readonly context: string;
  readonly dockerfile: string;
  readonly args: Readonly<Record<string, string>>;
  readonly target: string | null;
  readonly network: 'default' | 'host' | 'none';
  readonly tag: string;
}

export interface ContainerOrder {
  /** The container's name with the engine. */
  readonly name: string;
  readonly labels: Readonly<Record<string, string>>;
  /** The image's id. */
  readonly image: string;
  readonly spec: ContainerSpec;
  /** In place of those of spec and image. */
  readonly entrypoint: readonly string[];
  readonly command: readonly string[];
  /** Secrets filled in. */
  readonly environment: Readonly<Record<string, string>>;
  readonly network: 'none' | 'host' | 'bridge';
  /** Absolute on this machine. */
  readonly binds: readonly {
    readonly from: string;
    readonly to: string;
    readonly readOnly: boolean;
  }[];
  /** Volume name with the engine → where it is mounted. */
  readonly volumes: readonly {
    readonly name: string;
    readonly to: string;
    readonly readOnly: boolean;
  }[];
}

export interface ContainerState {
  readonly state: 'created' | 'running' | 'exited';
  /** As this machine's own PID namespace numbers it; null when it does not run. */
  readonly pid: number | null;
  readonly exitCode: number | null;
  readonly oomKilled: boolean;
  /** What the engine said of a start that failed; empty otherwise. */
  readonly error: string;
}

export interface ExecOrder {
  readonly argv: readonly string[];
  readonly environment: Readonly<Record<string, string>>;
  readonly user?: string;
  readonly tty: boolean;
}

export interface Execution {
  /** Its standard input, from the start; ending it gives the program its end of file. */
  readonly stdin: Writable;
  /** With a terminal, everything. */
  readonly stdout: Readable;
  /** Without a terminal. */
  readonly stderr: Readable;
  /** Settles when it has ended and both outputs have: its exit code. */
  readonly ended: Promise<number>;
  resize(columns: number, rows: number): Promise<void>;
}

export type EngineEvent = {
  readonly container: string;
  /** Milliseconds since the epoch. */
  readonly time: number;
} & (
  | { readonly what: 'started' | 'out-of-memory' }
  | { readonly what: 'exited'; readonly exitCode: number }
);

export interface EngineWatch {
  /** Settles with the reason when the engine tells no more, unless it was closed. */
  readonly lost: Promise<string>;
  close(): void;
}
