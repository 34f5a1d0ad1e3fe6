// Which labs run on this machine. Nothing is written down anywhere: the processes themselves are asked.
import { readFileSync, readdirSync, readlinkSync } from 'node:fs';
import {
  type FarLabPart,
  LAB_ENVIRONMENT,
  LAB_MARK_NAME,
  type LabMark,
} from '../model/lab-mark.ts';
import { type ProcessFacts, listProcesses, readProcess } from './machine/processes.ts';

interface LabFacts {
  readonly id: string;
  readonly scenario: string;
  /** ISO 8601, UTC; empty while the lab starts. */
  readonly started: string;
  /** The run's folder; empty until the lab is prepared. */
  readonly directory: string;
  /** Names of the nodes, those on other machines as well; none until the lab is built. */
  readonly nodes: readonly string[];
  /** Node name → the engine's id of its container. */
  readonly containers: Readonly<Record<string, string>>;
  /** The address of the engine that has them; empty when the lab has none, or has not asked one yet. */
  readonly engine: string;
  /** Its parts on other machines, of a lab that stays. */
  readonly machines: readonly FarLabPart[];
}

/** A lab whose processes run. */
export interface LiveLab extends LabFacts {
  /** `kept`: it outlives the runner that made it. */
  readonly state: 'running' | 'kept';
  /** The first process of the lab's PID namespace, as this machine numbers it. */
  readonly agentPid: number;
  /** The process whose end ends the lab. */
  readonly holderPid: number;
  /** Start of the holder in clock ticks since boot: with its pid, who it is (proc_pid_stat(5)). */
  readonly holderStart: number;
  /** Node name → the agent's file descriptor of its network namespace. */
  readonly descriptors: Readonly<Record<string, number>>;
}

/** A lab of which only containers and volumes are to be seen. */
export interface LeftLab extends LabFacts {
  /** `left`: it was killed. `elsewhere`: its processes, if it runs, are in another PID namespace. */
  readonly state: 'left' | 'elsewhere';
}

export type LabRecord = LiveLab | LeftLab;

export const isLive = (lab: LabRecord): lab is LiveLab =>
  lab.state === 'running' || lab.state === 'kept';

/** The numbers in a record may be somebody else's by now: the holder's start says whether they are. */
export const stillRuns = (record: LiveLab): boolean =>
  readProcess(record.holderPid)?.start === record.holderStart;

/** The labs of this user, and as root those of all, oldest first. */
export function listLiveLabs(): LiveLab[] {
  const labs = new Map<string, ProcessFacts[]>();
  for (const process of listProcesses()) {
    const id = readEnvironment(process.pid).get(LAB_ENVIRONMENT.id);
    if (id === undefined) continue;
    const group = labs.get(id);
    if (group) group.push(process);
    else labs.set(id, [process]);
  }
  return [...labs]
    .flatMap(([id, processes]) => describeLab(id, processes) ?? [])
    .sort((left, right) => left.holderStart - right.holderStart);
}

/**
 * A lab is a holder, its child the agent, and what runs below. Other processes may have inherited the environment alone.
 * A lab that has only just begun is its holder.
 */
function describeLab(id: string, processes: readonly ProcessFacts[]): LiveLab | undefined {
  const pids = new Set(processes.map(({ pid }) => pid));
  const holder = processes.find(({ parent, name }) => HOLDERS.has(name) && !pids.has(parent));
  if (!holder) return undefined;
  const agent =
    processes.find(({ parent, namespacePid }) => parent === holder.pid && namespacePid === 1) ??
    holder;
  const mark = readMark(agent.pid);
  const descriptors = mark?.nodes ?? {};
  const containers = mark?.containers ?? {};
  const machines = mark?.machines ?? [];
  return {
    id,
    scenario: mark?.scenario ?? readEnvironment(holder.pid).get(LAB_ENVIRONMENT.scenario) ?? '',
    agentPid: agent.pid,
    holderPid: holder.pid,
    holderStart: holder.start,
    started: mark ? new Date(mark.started).toISOString() : '',
    directory: mark?.directory ?? '',
    state: mark?.kept ? 'kept' : 'running',
    nodes: [
      ...new Set([
        ...Object.keys(descriptors),
        ...Object.keys(containers),
        ...machines.flatMap(({ nodes }) => nodes),
      ]),
    ],
    descriptors,
    containers,
    engine: mark?.engine ?? '',
    machines,
  };
}

/** What the holder is called: setpriv(1) until it has become unshare(1). */
const HOLDERS: ReadonlySet<string> = new Set(['setpriv', 'unshare']);

/** A process's environment; empty when it is another user's or gone. */
function readEnvironment(pid: number): Map<string, string> {
  const pairs = readText(`/proc/${pid}/environ`)?.split('\0') ?? [];
  return new Map(
    pairs.map((pair) => {
      const equals = pair.indexOf('=');
      return [pair.slice(0, equals), pair.slice(equals + 1)];
    }),
  );
}

/** What the agent says of itself; undefined while it starts. */
function readMark(pid: number): LabMark | undefined {
  const folder = `/proc/${pid}/fd`;
  try {
    // It is among the first that the agent opens, and there may be thousands.
    const file = readdirSync(folder)
      .sort((left, right) => Number(left) - Number(right))
      .find((fd) => readlinkSync(`${folder}/${fd}`).startsWith(`/memfd:${LAB_MARK_NAME} `));
    // Its writer is the agent of this same program.
    return file === undefined
      ? undefined
      : (JSON.parse(readFileSync(`${folder}/${file}`, 'utf8')) as LabMark);
  } catch {
    return undefined;
  }
}

function readText(file: string): string | undefined {
  try {
    return readFileSync(file, 'utf8');
  } catch {
    return undefined;
  }
}
