// What migration costs: downloads over the same tunnels without and with it, in turns, so that a busy machine is busy for both.
import { readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import type { RunManifest } from '../../src/model/run.ts';
import type { Verdict } from '../../src/model/verdict.ts';
import { RUNNER, time } from '../command.ts';
import { type Figure, median } from '../figure.ts';
import { inScratch } from '../scenarios.ts';
import { SIZE_MB, compareMigration } from '../tunnels/scenario.ts';

const PAIRS = 15;
/** CoMPS's own, and shorter ones, at which packets of two paths overtake each other often. */
const PERIOD = '200ms';
const SHORT_PERIODS = ['50ms', '20ms'];

interface Compared {
  /** Milliseconds of each download. */
  readonly still: readonly number[];
  readonly moving: readonly number[];
  /** Milliseconds of each switch. */
  readonly switches: readonly number[];
  readonly leaked: number;
  readonly implementation: string;
}

export async function measureTunnels(): Promise<readonly Figure[]> {
  const own = await compare(PERIOD);
  const short: [period: string, compared: Compared][] = [];
  for (const period of SHORT_PERIODS) short.push([period, await compare(period)]);
  const all = [own, ...short.map(([, compared]) => compared)];
  const switches = all.flatMap((compared) => compared.switches);
  const beside = `${switches.length} switches; ${own.implementation}`;
  return [
    ratioFigure(PERIOD, own),
    ...short.map(([period, compared]) => ({ ...ratioFigure(period, compared), wished: null })),
    switchFigure('p50', quantile(switches, 0.5), beside),
    switchFigure('p99', quantile(switches, 0.99), beside),
    {
      what: 'what left beside the tunnels meanwhile',
      value: all.reduce((sum, { leaked }) => sum + leaked, 0),
      unit: 'packets',
      wished: { atMost: 0 },
    },
  ];
}

function ratioFigure(period: string, { still, moving, implementation }: Compared): Figure {
  const ratios = still.map((one, pair) => one / (moving[pair] ?? NaN));
  const rate = (times: readonly number[]): string =>
    `${((SIZE_MB * 8) / (median(times) / 1000)).toFixed(0)} Mbit/s`;
  const spread = `${Math.min(...ratios).toFixed(2)} to ${Math.max(...ratios).toFixed(2)} in ${ratios.length} pairs`;
  return {
    what: `goodput while migrating every ${period} ÷ the same tunnels without`,
    value: median(ratios),
    unit: 'ratio',
    wished: { atLeast: 0.9 },
    beside: `${rate(moving)} beside ${rate(still)}; ${spread}; ${implementation}`,
  };
}

const switchFigure = (share: string, value: number, beside: string): Figure => ({
  what: `a switch of the path under load, ${share}`,
  value,
  unit: 'ms',
  wished: { atMost: 2 },
  beside,
});

const compare = (period: string): Promise<Compared> =>
  inScratch(async (folder) => {
    const file = join(folder, 'migration.yaml');
    writeFileSync(file, compareMigration({ pairs: PAIRS, period }));
    await time([RUNNER, 'apply', file, '--quiet', '--out', folder]);
    const read = (name: string): unknown =>
      JSON.parse(readFileSync(join(folder, 'migration', 'latest', name), 'utf8'));
    const verdicts = read('verdicts.json') as Verdict[];
    const took = (kind: string): number[] =>
      verdicts
        .filter(({ flow }) => flow.startsWith(kind))
        .map(({ flow, failure, metrics }) => {
          if (failure !== null || metrics.duration === null)
            throw new Error(`${flow} did not come to its end: ${failure ?? 'no duration'}`);
          return metrics.duration;
        });
    const { tunnels } = read('run.json') as RunManifest;
    const migrating = tunnels.find(({ paths }) => paths.length > 0);
    return {
      ...{ still: took('still'), moving: took('moving') },
      switches: (migrating?.switches ?? []).map(({ micros }) => micros / 1000),
      leaked: migrating?.leaked ?? NaN,
      implementation: migrating?.implementation ?? '',
    };
  });

function quantile(values: readonly number[], share: number): number {
  const sorted = values.toSorted((left, right) => left - right);
  return sorted[Math.floor(sorted.length * share)] ?? NaN;
}
