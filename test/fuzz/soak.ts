// make fuzz: damaged packets without end through censors with every field and every action. A worker does the work, so that one that hangs
// is noticed. FUZZ_PACKETS says how many (10 million), FUZZ_SEED where to begin.
import { Worker, isMainThread, parentPort, workerData } from 'node:worker_threads';
import { setFlagsFromString } from 'node:v8';
import { runInNewContext } from 'node:vm';
import { seededRandom } from '../../src/base/random.ts';
import type { Censor } from '../../src/roles/censor/censor.ts';
import { BLOCKED, CAPACITY, REDIRECTED, crowdCensor } from './crowd.ts';
import { deal, deckOf } from './deal.ts';
import { Clock, censorOf, judgeOf, tryCase } from './try-case.ts';

const PACKETS = Number(process.env['FUZZ_PACKETS'] ?? 10_000_000);
const FIRST_SEED = Number(process.env['FUZZ_SEED'] ?? 1);
const PACKETS_A_CASE = 10_000;
/** Milliseconds of the processor for one case and, if it fails, for making it short. */
const PATIENCE = 600_000;
/** Packets through one censor, for what it keeps: of few clients, and of more than any table holds. */
const LONG = 400_000;
const CROWDED = 2_000_000;
const CROWD = 2_000_000;
/** Bytes by which a censor may grow in its second half. */
const GROWTH = 32 * 2 ** 20;

const shared = isMainThread ? new SharedArrayBuffer(16) : (workerData as SharedArrayBuffer);
/** The seed at hand, and packets so far. */
const progress = new Float64Array(shared);

if (isMainThread) watch();
else {
  soak();
  for (const seed of [FIRST_SEED, FIRST_SEED + 1, FIRST_SEED + 2])
    keep(`seed ${seed}`, censorOf(seed), { seed, count: LONG, crowd: 0 });
  const crowded = crowdCensor(FIRST_SEED);
  keep('crowd', crowded, { seed: FIRST_SEED, count: CROWDED, crowd: CROWD });
  checkFull(crowded);
  parentPort?.postMessage('done');
}

function soak(): void {
  for (let seed = FIRST_SEED; (progress[1] ?? 0) < PACKETS; seed += 1) {
    progress[0] = seed;
    const failure = tryCase(seed, PACKETS_A_CASE);
    if (failure !== null) throw new Error(JSON.stringify(failure, undefined, 2));
    progress[1] = (progress[1] ?? 0) + PACKETS_A_CASE;
  }
}

/** One censor over a long time: what it holds must not grow once its tables are full. */
function keep(
  name: string,
  censor: Censor,
  { seed, count, crowd }: { readonly seed: number; readonly count: number; readonly crowd: number },
): void {
  setFlagsFromString('--expose-gc');
  const held = (): number => {
    runInNewContext('gc()');
    const { heapUsed, arrayBuffers } = process.memoryUsage();
    return heapUsed + arrayBuffers;
  };
  const judge = judgeOf(censor, new Clock(seed));
  const before = held();
  let [made, half] = [0, 0];
  deal(seededRandom(seed, 'long'), deckOf(seed), { count, crowd }, (memory, start, end) => {
    judge(memory, start, end);
    made += 1;
    progress[1] = (progress[1] ?? 0) + 1;
    if (made === count / 2) half = held() - before;
  });
  const grown = held() - before - half;
  const { known } = censor.statistics;
  process.stdout.write(
    `\n${name}: ${made} packets, ${known} flows; ${mebibytes(half)} after half, ${mebibytes(grown)} more at the end\n`,
  );
  if (grown > GROWTH) throw new Error(`The censor "${name}" grew by ${grown} bytes`);
}

function mebibytes(bytes: number): string {
  return `${(bytes / 2 ** 20).toFixed(1)} MiB`;
}

/** Whether the crowd did fill what it was to fill. */
function checkFull({ statistics }: Censor): void {
  const { known, evicted, rules } = statistics;
  const isFull = known === CAPACITY && evicted > CAPACITY;
  const hitsOf = (name: string): number => rules.find((rule) => rule.name === name)?.hits ?? 0;
  const [redirected, blocked] = [hitsOf(REDIRECTED), hitsOf(BLOCKED)];
  if (!isFull || redirected < CAPACITY || blocked < CAPACITY)
    throw new Error(`Not full: ${JSON.stringify({ known, evicted, redirected, blocked })}`);
}

/** Milliseconds that this process, worker and all, has had. */
function processorTime(): number {
  const { user, system } = process.cpuUsage();
  return (user + system) / 1000;
}

function watch(): void {
  const began = performance.now();
  const worker = new Worker(new URL(import.meta.url), { workerData: shared });
  let last = { packets: -1, used: processorTime() };
  const timer = setInterval(() => {
    const [seed = 0, packets = 0] = progress;
    const used = processorTime();
    if (packets !== last.packets) last = { packets, used };
    const rate = packets / (performance.now() - began);
    process.stderr.write(`\r${packets} packets, ${rate.toFixed(1)} thousand/s, seed ${seed} `);
    if (used - last.used < PATIENCE) return;
    process.stderr.write(
      `\nnothing has happened for ${PATIENCE} ms of the processor: FUZZ_SEED=${seed} make fuzz\n`,
    );
    process.exit(1);
  }, 1000);
  worker.on('error', (error) => {
    process.stderr.write(`\n${error.message}\n`);
    process.exit(1);
  });
  worker.on('message', () => {
    clearInterval(timer);
    const seconds = (performance.now() - began) / 1000;
    process.stdout.write(
      `\n${progress[1] ?? 0} packets in ${seconds.toFixed(0)} s, nothing failed\n`,
    );
  });
}
