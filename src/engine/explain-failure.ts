// What the engine's refusals mean and what to do about them. The engine's own words are kept: they say where.
import { Fault, type FaultKind } from '../base/fault.ts';

interface Meaning {
  readonly sign: RegExp;
  /** By whose fault: `usage` is the scenario's, `machine` the machine's or the engine's. */
  readonly kind: FaultKind;
  readonly help: string;
}

// The first that fits counts. The words are those of moby (errdefs, daemon/start_unix.go), runc and crun.
const MEANINGS: readonly Meaning[] = [
  {
    sign: /no space left on device|disk quota exceeded/i,
    kind: 'machine',
    help: 'Free space where the engine keeps its data: "docker system df" says what takes it',
  },
  {
    sign: /is already in use by container|name .* is already in use/i,
    kind: 'machine',
    help: 'Another container has this name: "runner ps" lists labs that were left, "runner destroy" removes them',
  },
  {
    sign: /no such image|image not known/i,
    kind: 'usage',
    help: 'Name an image that the engine has or can pull: "docker images" lists those it has',
  },
  {
    sign: /bind source path does not exist/i,
    kind: 'usage',
    help: 'Make that file or folder, or mend the path in "mounts"',
  },
  {
    sign: /is not in a separate kernel namespace|sysctl .*(not allowed|no such file|permission denied|invalid argument|read-only)|(open|write) \/?proc\/sys\//i,
    kind: 'usage',
    help: 'Leave out that sysctl, or give one that belongs to the container\'s own network or IPC namespace: with "network: machine" there is no such network namespace',
  },
  {
    sign: /invalid (cap|capadd|capdrop|capability)|unknown capability/i,
    kind: 'usage',
    help: 'Capabilities are named as in capabilities(7), without "CAP_": NET_ADMIN',
  },
  {
    sign: /dockerfile parse error|failed to reach build target|dockerfile cannot be empty/i,
    kind: 'usage',
    help: 'Mend the Dockerfile, or "target"',
  },
  {
    sign: /invalid reference format/i,
    kind: 'usage',
    help: 'Image names are lower case: "registry.example/name:tag"',
  },
  {
    sign: /error mounting .*not a directory|trying to mount a directory onto a file/i,
    kind: 'usage',
    help: 'Mount a file over a file and a folder over a folder',
  },
  {
    sign: /security-opt|seccomp|apparmor profile/i,
    kind: 'usage',
    help: 'Mend "securityOptions": they are those of "docker run --security-opt"',
  },
  {
    sign: /error gathering device information|no such device|not a device node/i,
    kind: 'usage',
    help: 'Name a device that this machine has: "ls /dev"',
  },
  {
    sign: /exec format error/i,
    kind: 'usage',
    help: 'The program is for another processor, or a script without its "#!" line: use an image for this machine, or build it here',
  },
  {
    sign: /executable file not found|(exec|stat|lstat|start).*no such file or directory|not found in \$?PATH/i,
    kind: 'usage',
    help: 'Name a program that the image has: "docker run --rm --entrypoint ls IMAGE /bin" shows some',
  },
  {
    sign: /exec.*permission denied/i,
    kind: 'usage',
    help: 'Make the program executable in the image: "RUN chmod +x PROGRAM"',
  },
  {
    sign: /unable to find user|no matching entries in (passwd|group) file|unable to find group/i,
    kind: 'usage',
    help: 'Name a user that the image has, or give numbers: "1000:1000"',
  },
  {
    sign: /minimum memory limit|range of cpus|invalid (ulimit|rlimit)|ulimit|rlimit/i,
    kind: 'usage',
    help: 'Mend the limit in the scenario',
  },
  {
    sign: /cgroup|pids limit|cpu cfs/i,
    kind: 'machine',
    help: 'The engine cannot set this limit here: leave out "memory", "cpus" and "pids", or give the engine the cgroup controllers',
  },
];

/** Turns whatever a call to the engine threw into a Fault: `Cannot <what>: <the engine's words>`. */
export function explainFailure(what: string, error: unknown): Fault {
  if (error instanceof Fault) return error;
  const words = engineWords(error);
  const connection = explainConnection(what, error);
  if (connection) return connection;
  const meaning = MEANINGS.find(({ sign }) => sign.test(words));
  const kind = meaning?.kind ?? (statusOf(error) === 400 ? 'usage' : 'machine');
  return new Fault(kind, `Cannot ${what}: ${words}`, { help: meaning?.help, cause: error });
}

/** The HTTP status with which the engine refused; undefined when it did not get that far. */
export function statusOf(error: unknown): number | undefined {
  const from = error instanceof Fault ? error.cause : error;
  const status = from instanceof Error && 'statusCode' in from ? from.statusCode : undefined;
  return typeof status === 'number' ? status : undefined;
}

/** The engine's sentence alone, without the wrapping of the HTTP client, on one line, without a final period. */
export function engineWords(error: unknown): string {
  if (!(error instanceof Error)) return String(error);
  const json = 'json' in error ? error.json : undefined;
  const told = isObject(json) && typeof json['message'] === 'string' ? json['message'] : undefined;
  const words = told ?? error.message.replace(/^\(HTTP code \d+\) [^-]*- /, '');
  const line = words.replace(/\s+/g, ' ').trim().replace(/\.$/, '');
  return line === '' ? `it answered HTTP status ${statusOf(error) ?? 'unknown'}` : line;
}

function explainConnection(what: string, error: unknown): Fault | undefined {
  const code = error instanceof Error && 'code' in error ? String(error.code) : '';
  if (!['ECONNREFUSED', 'ECONNRESET', 'ENOENT', 'EPIPE', 'EACCES'].includes(code)) return undefined;
  if (!(error instanceof Error && 'syscall' in error) && code !== 'ECONNRESET') return undefined;
  const found = code === 'EACCES' ? 'it refuses us' : 'it has gone away';
  return new Fault(
    'machine',
    `Cannot ${what}: no answer from the container engine, ${found} (${code})`,
    {
      help: 'See whether it runs with "docker version", start it, and run again',
      cause: error,
    },
  );
}

const isObject = (value: unknown): value is Record<string, unknown> =>
  typeof value === 'object' && value !== null;
