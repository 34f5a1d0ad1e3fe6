// A container as the plan has it, and what is noted about it when it runs. Quantities are plain numbers: bytes, milliseconds.

/**
 * The labels of a container of ours. Images have labels too, which their containers inherit: a container is ours when it is
 * also called as these say (`containerName`), which no image can do.
 */
export const CONTAINER_LABELS = {
  /** The lab's id. */
  lab: 'runner.lab',
  /** The scenario's name. */
  scenario: 'runner.scenario',
  /** The node's name. */
  node: 'runner.node',
  /** The results folder of the run. */
  directory: 'runner.directory',
  /** Whence its lab was started: a LabOrigin. */
  origin: 'runner.origin',
} as const;

/** What the engine calls the container of a node. */
export const containerName = (labId: string, node: string): string => `${labId}-${node}`;

/** What the engine calls a volume of a lab. */
export const volumeName = (labId: string, volume: string): string => `${labId}-${volume}`;

/** Where a container finds what the lab lends it; read-only. */
export const CONTAINER_FOLDER = '/.runner';

export interface ContainerSpec {
  readonly image: ImageSpec;
  /** Null: the image's own. */
  readonly command: readonly string[] | null;
  /** Null: the image's own. As with Docker, one that is given does away with the image's command. */
  readonly entrypoint: readonly string[] | null;
  readonly environment: Environment;
  readonly mounts: readonly MountSpec[];
  /** `name`, `uid`, `user:group`; null: the image's own. */
  readonly user: string | null;
  readonly workingDir: string | null;
  readonly hostname: string;
  /** Without the prefix `CAP_` (capabilities(7)). */
  readonly capabilities: { readonly add: readonly string[]; readonly drop: readonly string[] };
  readonly privileged: boolean;
  /** `/dev/net/tun` or `/dev/a:/dev/b:rwm`. */
  readonly devices: readonly string[];
  /** `seccomp=unconfined`, `no-new-privileges`, … */
  readonly securityOptions: readonly string[];
  readonly sysctls: Readonly<Record<string, string>>;
  readonly ulimits: readonly UlimitSpec[];
  /** Bytes; null: no limit. */
  readonly memory: number | null;
  /** Processors, as 0.5; null: no limit. */
  readonly cpus: number | null;
  /** Processes and threads; null: no limit. */
  readonly pids: number | null;
  /** Bytes of /dev/shm; null: the engine's own. */
  readonly shmSize: number | null;
  /** Whether its root file system is read-only. */
  readonly readOnly: boolean;
  /** Whether the engine's init runs as process 1 and reaps orphans. */
  readonly init: boolean;
  /** Whether it has a terminal, and a standard input that stays open. */
  readonly tty: boolean;
  /** `image`: the image's own, if it has one. */
  readonly healthcheck: HealthcheckSpec | 'image' | 'none';
  readonly dependsOn: readonly Dependency[];
  /** Milliseconds from its start until it must run, be healthy or have completed, whichever is waited for. */
  readonly startTimeout: number;
  /** Null: the image's own, else SIGTERM. */
  readonly stopSignal: string | null;
  /** Milliseconds between the stop signal and SIGKILL; 0 kills at once. */
  readonly stopGrace: number;
  readonly copies: readonly CopySpec[];
  /** Whether its program is a censor. */
  readonly censor: boolean;
  /** Whether its program is not run, as a censor's is not in an arm without censors: it is a network stack then, and forwards. */
  readonly idle: boolean;
}

export interface ImageSpec {
  /** The name it is known by: `nginx:1.27`, `name@sha256:…`; of a built one, the tag that it gets. */
  readonly name: string;
  readonly pull: 'missing' | 'always' | 'never';
  /** Null: it is not built. */
  readonly build: BuildSpec | null;
}

export interface BuildSpec {
  /** A folder: absolute, in the home folder of who runs it (`~/…`), or relative to the folder of the scenario's main file. */
  readonly context: string;
  /** Relative to the context. */
  readonly dockerfile: string;
  readonly args: Readonly<Record<string, string>>;
  /** A stage of the Dockerfile; null: the last. */
  readonly target: string | null;
  /** The network of RUN lines: `default`, `host` or `none`. */
  readonly network: 'default' | 'host' | 'none';
}

/** Variables by name. A secret's value is never part of a plan. */
export type Environment = Readonly<Record<string, string | SecretRef>>;

/** Where a secret's value is read when the lab is built. */
export interface SecretRef {
  readonly secret:
    | { readonly env: string }
    /** Absolute, `~/…`, or relative to the folder of the scenario's main file; one line end at its end is left out. */
    | { readonly file: string };
}

/** The key of a secret's value on its way to the agent. */
export const secretKey = ({ secret }: SecretRef): string =>
  'env' in secret ? `env:${secret.env}` : `file:${secret.file}`;

export type MountSpec =
  /** `from`: absolute, `~/…`, or relative to the folder of the scenario's main file. */
  | {
      readonly kind: 'bind';
      readonly from: string;
      readonly to: string;
      readonly readOnly: boolean;
    }
  /** A volume of the lab, shared by the containers that name it and gone with the lab. */
  | {
      readonly kind: 'volume';
      readonly name: string;
      readonly to: string;
      readonly readOnly: boolean;
    }
  /** `size` in bytes; null: no limit. */
  | { readonly kind: 'tmpfs'; readonly to: string; readonly size: number | null };

/** getrlimit(2): `nofile`, `memlock`, …; -1 is no limit. */
export interface UlimitSpec {
  readonly name: string;
  readonly soft: number;
  readonly hard: number;
}

/** Run in the container from the moment its network is there until it succeeds, and then no more. */
export interface HealthcheckSpec {
  readonly argv: readonly string[];
  /** Milliseconds from the end of one try to the next. */
  readonly interval: number;
  /** Milliseconds that one try may take. */
  readonly timeout: number;
  /** Failures in a row, after `startPeriod`, that make it unhealthy. */
  readonly retries: number;
  /** Milliseconds in which failures do not count. */
  readonly startPeriod: number;
}

export interface Dependency {
  readonly container: string;
  /** Running; healthy; ended with exit code 0. */
  readonly condition: 'started' | 'healthy' | 'completed';
}

/** One file or folder copied between the machine and the container. */
export interface CopySpec {
  readonly direction: 'in' | 'out';
  /**
   * In: a path of the machine, absolute, `~/…`, or relative to the folder of the scenario's main file.
   * Out: an absolute path in the container.
   */
  readonly from: string;
  /**
   * In: an absolute path in the container; with `/` at its end, the folder that it is put into by its own name.
   * Out: a path below `files/<node>/` in the results folder.
   */
  readonly to: string;
  readonly at: CopyMoment;
}

export type CopyMoment =
  /** In: before its first process starts. */
  | { readonly when: 'create' }
  /** In: when it is healthy, before the traffic starts. */
  | { readonly when: 'ready' }
  /** When a flow has ended for good; both directions. */
  | { readonly when: 'after'; readonly flow: string }
  /** Out: when the traffic has ended and it still runs. */
  | { readonly when: 'end' }
  /** Out: when it has been stopped. */
  | { readonly when: 'stopped' };

/** What the engine said of an image that a lab uses. */
export interface ImageRecord {
  readonly node: string;
  readonly name: string;
  /** `sha256:…` by which this engine knows it: of its configuration, or with the containerd image store of its manifest. */
  readonly id: string;
  /** `name@sha256:…` as its registry knows it; null when it was never in one. */
  readonly digest: string | null;
  readonly origin: 'local' | 'pulled' | 'built';
}

/** How a container did, as of the last look. */
export interface ContainerRecord {
  readonly node: string;
  /** The engine's id, 64 hexadecimal digits. */
  readonly id: string;
  readonly state: 'created' | 'running' | 'exited';
  /** Null while it runs. */
  readonly exitCode: number | null;
  readonly oomKilled: boolean;
  /** Milliseconds from when its network was there until it was ready; null when it never was. */
  readonly readyAfter: number | null;
  /** Relative paths, below the results folder, of what was copied out of it. */
  readonly files: readonly string[];
}

/** The engine that runs a lab's containers. */
export interface EngineFacts {
  readonly kind: 'docker' | 'podman';
  readonly version: string;
  /** `unix:///var/run/docker.sock`. */
  readonly address: string;
  readonly rootless: boolean;
}

/** A path of the machine as a plan has it, made absolute: relative to the folder of the scenario's main file, or to a home. */
export function machinePath(written: string, folder: string, home: string): string {
  if (written === '~' || written.startsWith('~/')) return home + written.slice(1);
  return written.startsWith('/') ? written : `${folder}/${written}`;
}
