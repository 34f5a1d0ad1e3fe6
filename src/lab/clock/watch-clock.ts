// Asks a machine for the time before, during and after a run.
import { formatMillis } from '../../base/units.ts';
import type { ClockRecord } from '../../model/machine.ts';
import { estimateClock } from './estimate.ts';
import { type RealTime, openRealTime } from './real-time.ts';
import { type ClockSample, thinned } from './sample.ts';

export interface ClockWatch {
  /** A burst of exchanges. Rejects with the machine's fault. */
  before(): Promise<void>;
  /** From now on an exchange each second; a machine that does not answer is asked again. */
  start(): void;
  stop(): void;
  /** Ends the exchanges of the run; a burst, as far as the machine answers. */
  after(): Promise<void>;
  /** What the exchanges so far tell, with an error that holds from the first of them to now, or to the last of `after`. */
  record(): ClockRecord;
  /** What the exchanges show to be wrong with it, one sentence each; how large its error is, the record tells. */
  warnings(): string[];
}

export interface ClockWatchOptions {
  /** Milliseconds between exchanges of the run. */
  readonly interval?: number;
  /** The most exchanges of the run to remember. */
  readonly kept?: number;
  readonly realTime?: RealTime;
}

const INTERVAL_MS = 1000;
/** Exchanges of a burst: as many as fit into its time, within these. */
const FEWEST = 8;
const MOST = 16;
const BURST_MS = 200;
/** Exchanges kept of the run between the bursts: those of one that lasts for hours are thinned. */
const KEPT = 4000;

/** Events come in crowds: for so long a record is not worked out anew. */
const REUSED_MS = 200;

/** One for the process: what one exchange learns of it helps the next. */
const REAL_TIME = openRealTime();

/** `ask` gets the machine's time, microseconds since the epoch, and bounds its own wait. */
export function watchClock(
  ask: () => Promise<{ readonly time: number }>,
  { interval = INTERVAL_MS, kept = KEPT, realTime = REAL_TIME }: ClockWatchOptions = {},
): ClockWatch {
  let first: readonly ClockSample[] = [];
  let during: ClockSample[] = [];
  let last: readonly ClockSample[] = [];
  let timer: NodeJS.Timeout | undefined;
  let isRunning = false;
  let isOver = false;
  let known: { readonly until: number; readonly record: ClockRecord } | undefined;

  const exchange = async (): Promise<ClockSample> => {
    const sent = realTime.now().earliest;
    const { time } = await ask();
    return { sent, told: time, received: realTime.now().latest };
  };

  const burst = async (take: (sample: ClockSample) => void): Promise<void> => {
    const begun = performance.now();
    for (let count = 0; count < MOST; count += 1) {
      if (count >= FEWEST && performance.now() - begun > BURST_MS) return;
      take(await exchange());
      known = undefined;
    }
  };

  const next = (): void => {
    clearTimeout(timer);
    timer = setTimeout(() => void tick(), interval).unref();
  };
  const tick = async (): Promise<void> => {
    try {
      const sample = await exchange();
      if (!isRunning) return;
      during.push(sample);
      if (during.length > kept) during = thinned(during);
      known = undefined;
    } catch {
      // Whoever waits for the machine hears of its end; its clock is known by what it told before.
    }
    if (isRunning) next();
  };
  const stop = (): void => {
    isRunning = false;
    clearTimeout(timer);
  };

  const record = (): ClockRecord => {
    const now = isOver ? 0 : realTime.now().latest;
    if (known && now <= known.until) return known.record;
    const until = isOver ? 0 : now + REUSED_MS * 1000;
    known = { until, record: estimateClock([...first, ...during, ...last], until) };
    return known.record;
  };

  return {
    before: () => burst((sample) => (first = [...first, sample])),
    start: () => {
      if (isRunning) return;
      isRunning = true;
      next();
    },
    stop,
    after: async () => {
      stop();
      try {
        await burst((sample) => (last = [...last, sample]));
      } catch {
        // As above.
      }
      isOver = last.length > 0;
      known = undefined;
    },
    record,
    warnings: () => {
      const { step } = record();
      return step === undefined ? [] : [describeStep(step)];
    },
  };
}

/** `step` in microseconds, forward positive. */
const describeStep = (step: number): string =>
  `Its clock was set while the run went on, by ${step > 0 ? '+' : '-'}${formatMillis(Math.abs(step) / 1000)} ` +
  'against ours: times across machines are uncertain by as much';
