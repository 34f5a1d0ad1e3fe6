import { readFileSync } from 'node:fs';
import { availableParallelism, cpus, release, totalmem, type } from 'node:os';

/** What a reader must know of the machine to compare figures with those of another. */
export interface MachineFacts {
  /** ISO 8601, UTC. */
  readonly date: string;
  readonly kernel: string;
  readonly processor: string;
  readonly memory: string;
  readonly node: string;
  readonly privileges: 'root' | 'rootless';
  readonly load: string;
}

export function readMachineFacts(): MachineFacts {
  return {
    date: new Date().toISOString(),
    kernel: `${type()} ${release()}`,
    processor: `${availableParallelism()} × ${cpus()[0]?.model ?? 'unknown'}`,
    memory: `${(totalmem() / 2 ** 30).toFixed(1)} GiB`,
    node: process.version,
    privileges: process.getuid?.() === 0 ? 'root' : 'rootless',
    load: readFileSync('/proc/loadavg', 'utf8').split(' ').slice(0, 3).join(' '),
  };
}
