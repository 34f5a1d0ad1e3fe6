import { readFileSync } from 'node:fs';
import { RUNNER, time } from '../command.ts';
import type { Figure } from '../figure.ts';
import { inScratch, writeStar } from '../scenarios.ts';

const FEW = 2;
const MANY = 502;

/** What an idle host costs the machine, beyond the first ones: processes and kernel together. */
export async function measureMemory(): Promise<readonly Figure[]> {
  const { few, many } = await inScratch(async (folder) => ({
    few: await megabytesHeld(folder, FEW),
    many: await megabytesHeld(folder, MANY),
  }));
  return [
    {
      what: 'memory per idle host',
      value: (many - few) / (MANY - FEW),
      unit: 'MB',
      wished: { atMost: 1 },
      beside: `${FEW} hosts: ${few.toFixed(0)} MB · ${MANY} hosts: ${many.toFixed(0)} MB`,
    },
  ];
}

/** How much less memory the machine has while the lab is up. */
async function megabytesHeld(folder: string, hosts: number): Promise<number> {
  const file = writeStar(folder, hosts);
  const before = megabytesAvailable();
  const { stdout } = await time([RUNNER, 'up', file, '--json', '--out', folder]);
  const { lab } = JSON.parse(stdout) as { lab: string };
  try {
    return before - megabytesAvailable();
  } finally {
    await time([RUNNER, 'destroy', lab]);
  }
}

function megabytesAvailable(): number {
  const kibibytes = /^MemAvailable:\s+(\d+)/m.exec(readFileSync('/proc/meminfo', 'utf8'))?.[1];
  return (Number(kibibytes) * 1024) / 1e6;
}
