// make fuzz: damaged packets without end through censors with every field and every action. A worker does the work, so that one that hangs
// is noticed. FUZZ_PACKETS says how many (10 million), FUZZ_SEED where to begin.
import { Worker, isMainThread, parentPort, workerData } from 'node:worker_threads';
import { setFlagsFromString } from 'node:v8';
import { runInNewContext } from 'node:vm';
import { seededRandom } from '../../src/base/random.ts';
import { Clock, PACKETS_A_CASE, censorOf, judgeOne, packetsOf, tryCase } from './try-case.ts';

const PACKETS = Number(process.env['FUZZ_PACKETS'] ?? 10_000_000);
const FIRST_SEED = Number(process.env['FUZZ_SEED'] ?? 1);
/** Milliseconds for one case. */
const PATIENCE = 60_000;
/** Packets through one censor, for what it keeps. */
const LONG = 400_000;
/** Bytes by which a censor may grow in its second half. */
const GROWTH = 32 * 2 ** 20;

const shared = isMainThread ? new SharedArrayBuffer(16) : (workerData as SharedArrayBuffer);
/** The seed at hand, and packets so far. */
const progress = new Float64Array(shared);

if (isMainThread) watch();
else {
  soak();
  keep();
  parentPort?.postMessage('done');
}

function soak(): void {
  for (let seed = FIRST_SEED; (progress[1] ?? 0) < PACKETS; seed += 1) {
    progress[0] = seed;
    const failure = tryCase(seed);
    if (failure !== null) throw new Error(JSON.stringify(failure, undefined, 2));
    progress[1] = (progress[1] ?? 0) + PACKETS_A_CASE;
  }
}

/** One censor over a long time: what it holds must not grow once its tables are full. */
function keep(): void {
  setFlagsFromString('--expose-gc');
  const held = (): number => {
    runInNewContext('gc()');
    return process.memoryUsage().heapUsed;
  };
  for (const seed of [FIRST_SEED, FIRST_SEED + 1, FIRST_SEED + 2]) {
    const censor = censorOf(seed);
    const clock = new Clock(seed);
    let [count, half] = [0, 0];
    for (const packet of packetsOf(seededRandom(seed, 'long'), LONG)) {
      judgeOne(censor, packet, clock.tick());
      count += 1;
      progress[1] = (progress[1] ?? 0) + 1;
      if (count === LONG / 2) half = held();
    }
    const grown = held() - half;
    const { known } = censor.statistics;
    process.stdout.write(
      `seed ${seed}: ${count} packets, ${known} flows, ${grown} bytes more than after half\n`,
    );
    if (grown > GROWTH) throw new Error(`The censor of seed ${seed} grew by ${grown} bytes`);
  }
}

function watch(): void {
  const began = performance.now();
  const worker = new Worker(new URL(import.meta.url), { workerData: shared });
  let last = { packets: -1, at: began };
  const timer = setInterval(() => {
    const [seed = 0, packets = 0] = progress;
    const now = performance.now();
    if (packets !== last.packets) last = { packets, at: now };
    const rate = packets / (now - began);
    process.stderr.write(`\r${packets} packets, ${rate.toFixed(1)} thousand/s, seed ${seed} `);
    if (now - last.at < PATIENCE) return;
    process.stderr.write(
      `\nnothing has happened for ${PATIENCE} ms: FUZZ_SEED=${seed} make fuzz\n`,
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
