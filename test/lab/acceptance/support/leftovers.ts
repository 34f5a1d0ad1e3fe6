// What the machine holds, read from the kernel before and after a run, so that nothing may stay behind unseen.
import { execFileSync } from 'node:child_process';
import { readFileSync, readdirSync, readlinkSync } from 'node:fs';
import { networkInterfaces } from 'node:os';
import { setTimeout as wait } from 'node:timers/promises';
import { IS_ROOT } from './runner.ts';

/** How long the kernel and the reaper may take to remove what a killed lab held, in milliseconds. */
const GRACE = 20_000;

export interface Machine {
  readonly namespaces: ReadonlySet<string>;
  readonly interfaces: ReadonlySet<string>;
  readonly mounts: ReadonlySet<string>;
  /** The nftables rules; empty for an ordinary user, who may neither read nor write them. */
  readonly rules: ReadonlySet<string>;
}

export function readMachine(): Machine {
  const rules = IS_ROOT
    ? execFileSync('nft', ['list', 'ruleset'], {
        encoding: 'utf8',
        stdio: ['ignore', 'pipe', 'ignore'],
      })
    : '';
  return {
    namespaces: new Set(processes().flatMap(({ pid }) => networkNamespace(pid))),
    interfaces: new Set([...Object.keys(networkInterfaces()), ...readdirSync('/sys/class/net')]),
    mounts: new Set(readFileSync('/proc/self/mountinfo', 'utf8').split('\n')),
    rules: new Set(rules.split('\n')),
  };
}

/** Waits until nothing of the runs marked `mark` is left, and says what stays when the time is over. */
export async function awaitNothingLeft(before: Machine, mark: string): Promise<string[]> {
  const end = performance.now() + GRACE;
  for (;;) {
    const left = leftovers(before, mark);
    if (left.length === 0 || performance.now() > end) return left;
    await wait(50);
  }
}

function leftovers(before: Machine, mark: string): string[] {
  const now = readMachine();
  const added = (kind: keyof Machine): string[] =>
    [...now[kind]].filter((item) => !before[kind].has(item)).map((item) => `${kind}: ${item}`);
  const marked = processes().filter(({ environment }) => environment.includes(mark));
  return [
    ...marked.map(({ pid, command }) => `process: ${pid} ${command}`),
    ...added('namespaces'),
    ...added('interfaces'),
    ...added('mounts'),
    ...added('rules'),
  ];
}

export interface ProcessFacts {
  readonly pid: number;
  readonly parent: number;
  readonly command: string;
  /** `NAME=value` entries, as far as they may be read. */
  readonly environment: readonly string[];
}

export function processes(): ProcessFacts[] {
  return readdirSync('/proc')
    .filter((name) => /^\d+$/.test(name))
    .flatMap((name) => {
      const status = read(`/proc/${name}/status`);
      if (status === '' || /^State:\s+[ZX]/m.test(status)) return [];
      return {
        pid: Number(name),
        parent: Number(/^PPid:\s+(\d+)/m.exec(status)?.[1]),
        command: read(`/proc/${name}/cmdline`).replaceAll('\0', ' ').trim(),
        environment: read(`/proc/${name}/environ`).split('\0'),
      };
    });
}

/** The process and everything that it started, itself first. */
export function family(pid: number): ProcessFacts[] {
  const all = processes();
  const found = all.filter((process) => process.pid === pid);
  for (const member of found) found.push(...all.filter(({ parent }) => parent === member.pid));
  return found;
}

function networkNamespace(pid: number): string[] {
  try {
    return [readlinkSync(`/proc/${pid}/ns/net`)];
  } catch {
    return []; // Ended meanwhile, or another user's.
  }
}

function read(file: string): string {
  try {
    return readFileSync(file, 'utf8');
  } catch {
    return '';
  }
}
