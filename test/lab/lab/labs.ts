// Starts labs for tests and looks at what is left of them.
import { type ChildProcess, spawn, spawnSync } from 'node:child_process';
import { randomBytes } from 'node:crypto';
import { existsSync, readFileSync, readdirSync, readlinkSync } from 'node:fs';
import { resolve } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { fileURLToPath } from 'node:url';
import { enterArgv } from '../../../src/lab/enter.ts';
import type { Lab } from '../../../src/lab/lab.ts';
import { startLab } from '../../../src/lab/start-lab.ts';
import { type LiveLab, listLiveLabs } from '../../../src/lab/list.ts';
import type { AgentEvent } from '../../../src/model/rpc.ts';

export const AGENT_FILE: string = resolve('dist/agent.js');

/** An id that no other lab has. */
export const newId = (): string => randomBytes(4).toString('hex');

export function startTestLab(
  id: string = newId(),
  options: { keepable?: boolean; onEvent?: (event: AgentEvent) => void } = {},
): Promise<Lab> {
  if (!existsSync(AGENT_FILE)) throw new Error(`${AGENT_FILE} is not built: run "make build"`);
  return startLab({
    labId: id,
    scenario: 'test',
    agentFile: AGENT_FILE,
    onEvent: options.onEvent ?? (() => undefined),
    keepable: options.keepable ?? false,
  });
}

/** Pids of processes that carry a lab's mark in their environment. */
export const processesOf = (id: string): number[] =>
  allPids().filter((pid) => {
    try {
      return readFileSync(`/proc/${pid}/environ`, 'utf8').split('\0').includes(`RUNNER_LAB=${id}`);
    } catch {
      return false;
    }
  });

/** Waits until `found` gives something true; fails when it does not in time. */
export async function waitFor<T>(what: string, found: () => T | undefined | false): Promise<T> {
  const end = Date.now() + 10_000;
  while (Date.now() < end) {
    const result = found();
    if (result) return result;
    await sleep(10);
  }
  throw new Error(`Waited 10 s in vain: ${what}`);
}

export interface RunnerProcess {
  readonly child: ChildProcess;
  readonly pid: number;
}

/** A runner of its own that has built a star of three hosts; `uid` makes it an ordinary user's. */
export async function startRunner(
  id: string,
  directory: string,
  options: { kept?: boolean; uid?: number } = {},
): Promise<RunnerProcess> {
  const file = fileURLToPath(new URL('./runner-process.ts', import.meta.url));
  const argv = [process.execPath, '--import', 'ts-blank-space/register', file, id, '3', directory];
  if (options.kept) argv.push('kept');
  const { uid } = options;
  const user = ['setpriv', `--reuid=${uid ?? 0}`, `--regid=${uid ?? 0}`, '--clear-groups', '--'];
  const [program = '', ...rest] = uid === undefined ? argv : [...user, ...argv];
  const child = spawn(program, rest, { stdio: ['ignore', 'pipe', 'pipe'] });
  let said = '';
  for (const stream of [child.stdout, child.stderr])
    stream.setEncoding('utf8').on('data', (text: string) => void (said += text));
  await waitFor(`a runner that has built its lab: ${said}`, () => {
    if (child.exitCode !== null && !said.includes('ready')) throw new Error(said);
    return said.includes('ready');
  });
  return { child, pid: child.pid ?? -1 };
}

/** Runs a program in a node of a lab, as `runner exec` does. */
export function runIn(
  record: LiveLab,
  node: string,
  ...argv: string[]
): { status: number | null; stdout: string; stderr: string } {
  const [program = '', ...rest] = enterArgv(record, node, argv);
  return spawnSync(program, rest, { encoding: 'utf8', timeout: 10_000 });
}

/** The record of a lab that must be running. */
export function recordOf(id: string): LiveLab {
  const record = listLiveLabs().find((lab) => lab.id === id);
  if (!record) throw new Error(`Lab "${id}" is not listed`);
  return record;
}

/** The network namespaces that processes are in or hold open: their inode numbers. */
export function networkNamespaces(pids: readonly number[] = allPids()): Set<string> {
  const found = new Set<string>();
  for (const pid of pids)
    for (const link of [`/proc/${pid}/ns/net`, ...descriptors(pid)]) {
      const target = readLink(link);
      if (target?.startsWith('net:')) found.add(target);
    }
  return found;
}

const allPids = (): number[] =>
  readdirSync('/proc')
    .filter((name) => /^\d+$/.test(name))
    .map(Number);

function descriptors(pid: number): string[] {
  try {
    return readdirSync(`/proc/${pid}/fd`).map((fd) => `/proc/${pid}/fd/${fd}`);
  } catch {
    return [];
  }
}

function readLink(file: string): string | undefined {
  try {
    return readlinkSync(file);
  } catch {
    return undefined;
  }
}
