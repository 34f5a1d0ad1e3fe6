import { existsSync } from 'node:fs';
import { RUNNER, time } from '../command.ts';
import { type Figure, median } from '../figure.ts';
import { inScratch, writeStar } from '../scenarios.ts';

const RUNS = 3;

/** Lab up and down by the runner's own clock, and the whole command beside Mininet's whole command. */
export async function measureLab(): Promise<readonly Figure[]> {
  return inScratch(async (folder) => {
    const three = await applyStar(folder, 3, RUNS);
    const hundred = await applyStar(folder, 100, RUNS);
    const thousand = await applyStar(folder, 1000, 1);
    const mininet = await timeMininet(100);
    const times = mininet.seconds === null ? null : mininet.seconds / hundred.whole;
    return [
      lab('lab up + down, 3 hosts', three.up + three.down, 0.4),
      {
        ...lab('lab up + down, 100 hosts in a star', hundred.up + hundred.down, 1),
        beside: `the whole command: ${hundred.whole.toFixed(2)} s`,
      },
      {
        what: 'Mininet, 100 hosts in a star ÷ our whole command',
        value: times,
        unit: 'ratio',
        wished: { atLeast: 4 },
        ...(mininet.seconds === null
          ? { note: mininet.why }
          : { beside: `mn --switch=lxbr --topo=single,100: ${mininet.seconds.toFixed(2)} s` }),
      },
      {
        ...lab('lab up, 1,000 hosts', thousand.up, 8),
        beside: `down: ${thousand.down.toFixed(2)} s`,
      },
    ];
  });
}

const lab = (what: string, value: number, atMost: number): Figure => ({
  what,
  value,
  unit: 's',
  wished: { atMost },
});

/** Medians in seconds: lab up, lab down, and the command from start to end. */
async function applyStar(
  folder: string,
  hosts: number,
  runs: number,
): Promise<{ up: number; down: number; whole: number }> {
  const file = writeStar(folder, hosts);
  const samples: { up: number; down: number; whole: number }[] = [];
  for (let run = 0; run < runs; run += 1) {
    const { seconds, stdout } = await time([RUNNER, 'apply', file, '--json', '--out', folder]);
    const { timings } = JSON.parse(stdout) as { timings: { up: number; down: number } };
    samples.push({ up: timings.up / 1000, down: timings.down / 1000, whole: seconds });
  }
  const of = (name: 'up' | 'down' | 'whole'): number =>
    median(samples.map((sample) => sample[name]));
  return { up: of('up'), down: of('down'), whole: of('whole') };
}

/** Mininet makes its links in the namespace it starts in: it gets one of its own. It needs root. */
async function timeMininet(
  hosts: number,
): Promise<{ seconds: number; why?: never } | { seconds: null; why: string }> {
  if (!existsSync('/usr/bin/mn')) return { seconds: null, why: 'Mininet is not installed' };
  const root = process.getuid?.() === 0 ? [] : ['sudo', '-n'];
  const namespaces = ['unshare', '--net', '--mount', '--uts', '--ipc'];
  const mn = ['mn', '--switch=lxbr', '--controller=none', `--topo=single,${hosts}`, '--test=none'];
  try {
    const { seconds } = await time([...root, ...namespaces, ...mn]);
    return { seconds };
  } catch (error) {
    return { seconds: null, why: error instanceof Error ? error.message : String(error) };
  }
}
