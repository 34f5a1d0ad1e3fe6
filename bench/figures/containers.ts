import { execFileSync } from 'node:child_process';
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { RUNNER, time } from '../command.ts';
import { type Figure, median } from '../figure.ts';
import { inScratch } from '../scenarios.ts';

const RUNS = 3;
const IMAGE = 'runner.bench/busybox:1';
const IDLE = ['sleep', '3600'];

/** Containers of ours beside the engine's own, of the same image and with the same command, in turns. */
export async function measureContainers(): Promise<readonly Figure[]> {
  importBusybox();
  try {
    return await inScratch(async (folder) => {
      const three = await measure(folder, 3);
      const twenty = await measure(folder, 20);
      return [
        {
          what: '3 containers on one network: runner up ÷ docker run of the same, one after another',
          value: three.whole / three.inTurn,
          unit: 'ratio',
          wished: { atMost: 1.15 },
          beside: `${describe(three.whole)}, of which the containers ${describe(three.ready)}, beside ${describe(three.inTurn)}; all at once ${describe(three.atOnce)}`,
        },
        {
          what: '20 containers with links up: runner up ÷ docker run of the same, all at once',
          value: twenty.whole / twenty.atOnce,
          unit: 'ratio',
          wished: { atMost: 1.2 },
          beside: `${describe(twenty.whole)}, of which the containers ${describe(twenty.ready)}, beside ${describe(twenty.atOnce)}; one after another ${describe(twenty.inTurn)}`,
        },
        besideCompose(three.whole, await timeCompose(folder, 3), 3),
        besideCompose(twenty.whole, await timeCompose(folder, 20), 20),
      ];
    });
  } finally {
    execFileSync('docker', ['image', 'rm', '--force', IMAGE], { stdio: 'ignore' });
  }
}

const describe = (seconds: number): string => `${seconds.toFixed(2)} s`;

/** Seconds, medians of whole commands. */
interface Comparison {
  /** `runner up`, from its start until all containers run and have their network. */
  readonly whole: number;
  /** Of it, by the runner's own clock: making the lab, and letting the containers go. */
  readonly ready: number;
  /** `docker run --detach --network none` of as many, one after another and all at once. */
  readonly inTurn: number;
  readonly atOnce: number;
}

async function measure(folder: string, count: number): Promise<Comparison> {
  const file = writeScenario(folder, count);
  const samples: Comparison[] = [];
  for (let run = 0; run < RUNS; run += 1)
    samples.push({
      ...(await timeOurs(file, folder)),
      inTurn: await timeDocker(count, 'inTurn'),
      atOnce: await timeDocker(count, 'atOnce'),
    });
  const of = (name: keyof Comparison): number => median(samples.map((sample) => sample[name]));
  return { whole: of('whole'), ready: of('ready'), inTurn: of('inTurn'), atOnce: of('atOnce') };
}

/** The lab is taken down outside the measured time. */
async function timeOurs(
  file: string,
  folder: string,
): Promise<Pick<Comparison, 'whole' | 'ready'>> {
  const { seconds, stdout } = await time([RUNNER, 'up', file, '--json', '--out', folder]);
  const { lab, timings } = JSON.parse(stdout) as { lab: string; timings: Record<string, number> };
  await time([RUNNER, 'destroy', lab]);
  return { whole: seconds, ready: ((timings['up'] ?? 0) + (timings['start'] ?? 0)) / 1000 };
}

/** They are removed outside the measured time. */
async function timeDocker(count: number, way: 'inTurn' | 'atOnce'): Promise<number> {
  const label = `runner.bench=${process.pid}`;
  const argv = ['docker', 'run', '--detach', '--network', 'none', '--label', label, IMAGE, ...IDLE];
  const started = performance.now();
  try {
    if (way === 'atOnce') await Promise.all(Array.from({ length: count }, () => time(argv)));
    else for (let run = 0; run < count; run += 1) await time(argv);
    return (performance.now() - started) / 1000;
  } finally {
    const ids = (await time(['docker', 'ps', '--all', '--quiet', '--filter', `label=${label}`]))
      .stdout;
    if (ids !== '') await time(['docker', 'rm', '--force', ...ids.trim().split('\n')]);
  }
}

async function timeCompose(folder: string, count: number): Promise<number | string> {
  const compose = findCompose();
  if (compose === null) return 'docker compose is not installed';
  const file = join(folder, `compose-${count}.yaml`);
  const service = { image: IMAGE, command: IDLE, stop_grace_period: '0s' };
  const services = Object.fromEntries(names(count).map((name) => [name, service]));
  writeFileSync(file, JSON.stringify({ version: '3.8', services }));
  const command = [...compose, '--project-name', `runner-bench-${process.pid}`, '--file', file];
  const samples: number[] = [];
  try {
    for (let run = 0; run < RUNS; run += 1) {
      samples.push((await time([...command, 'up', '--detach'])).seconds);
      await time([...command, 'down']);
    }
    return median(samples);
  } catch (error) {
    return error instanceof Error ? error.message : String(error);
  }
}

function findCompose(): readonly string[] | null {
  for (const command of [['docker', 'compose'], ['docker-compose']] as const) {
    const [program, ...args] = command;
    try {
      execFileSync(program, [...args, 'version'], { stdio: 'ignore' });
      return command;
    } catch {
      // The next one, if there is one.
    }
  }
  return null;
}

function besideCompose(ours: number, compose: number | string, count: number): Figure {
  const what = `${count} containers: runner up ÷ docker compose up of the same`;
  if (typeof compose === 'string')
    return { what, value: null, unit: 'ratio', wished: null, note: compose };
  const beside = `${describe(ours)} beside ${describe(compose)}`;
  return { what, value: ours / compose, unit: 'ratio', wished: null, beside };
}

const names = (count: number): string[] =>
  Array.from({ length: count }, (_, index) => `c${index + 1}`);

/** Writes a scenario of idle containers on one network, and gives its path. */
function writeScenario(folder: string, count: number): string {
  const container = { image: IMAGE, pull: 'never', command: IDLE };
  const scenario = {
    version: 1,
    name: `containers-${count}`,
    containers: Object.fromEntries(names(count).map((name) => [name, container])),
    networks: { lan: { subnet: '10.0.0.0/16', members: names(count) } },
  };
  const path = join(folder, `containers-${count}.yaml`);
  writeFileSync(path, JSON.stringify(scenario));
  return path;
}

function importBusybox(): void {
  const root = mkdtempSync(join(tmpdir(), 'runner-bench-image-'));
  const script =
    'mkdir -p bin proc sys dev etc; cp "$(command -v busybox)" bin/busybox; ln bin/busybox bin/sleep; tar --create . | docker import - "$1"';
  try {
    const args = ['-euo', 'pipefail', '-c', script, 'bash', IMAGE];
    execFileSync('bash', args, { cwd: root, stdio: ['ignore', 'ignore', 'pipe'] });
  } finally {
    rmSync(root, { recursive: true });
  }
}
