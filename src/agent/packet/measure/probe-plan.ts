// How a link is probed: enough frames for what is asked of it, in a bounded time. Pure.
import type { Impairment } from '../../../model/plan.ts';
import { SHORTEST_PROBE } from './probe-frame.ts';

export interface ProbePlan {
  /** Short frames, for delay, jitter and loss, and how many of them leave each millisecond (may be below one). */
  readonly probes: number;
  readonly perMilli: number;
  /** Long frames back to back, for the rate; 0 when none is asked for. */
  readonly burst: number;
  readonly burstBytes: number;
}

/** With neither jitter nor loss one frame would do; these outvote what the scheduler does to some. */
const FEWEST_PROBES = 15;
/** The standard error of a deviation over 200 samples is 5 %. */
const JITTER_PROBES = 200;
/** Losses that should be seen, for a rate to be told from half of it. */
const LOSSES_WISHED = 30;
const MOST_PROBES = 2000;
const SENDING_MILLIS = 100;
/** Frames a tick that do not wait for each other noticeably. */
const MOST_PER_MILLI = 32;
const WAIT_FOR_OTHERS_MILLIS = 0.05;

const BURST_MILLIS = 15;
const FEWEST_BURST = 8;
/** Enough to outlast a token bucket that holds 1 ms of 2 Gbit/s. */
export const MOST_BURST = 512;
const SLOWEST_BURST_MILLIS = 100;

/** `patience` lengthens the burst that many times: on a busy machine a longer one tells the rate better. */
export function planProbes(impairment: Impairment, mtu: number, patience = 1): ProbePlan {
  const { rate, jitter, lossRatio, duplicateRatio, reorderRatio } = impairment;
  const wished = Math.max(
    FEWEST_PROBES,
    jitter > 0 || reorderRatio > 0 ? JITTER_PROBES : 0,
    lossRatio > 0 ? LOSSES_WISHED / lossRatio : 0,
    duplicateRatio > 0 ? LOSSES_WISHED / duplicateRatio : 0,
  );
  const perMilli = probesPerMilli(rate, wished);
  const probes = Math.max(3, Math.floor(Math.min(wished, MOST_PROBES, perMilli * SENDING_MILLIS)));
  return { probes, perMilli, ...planBurst(impairment, mtu, patience) };
}

function probesPerMilli(rate: number | null, wished: number): number {
  const needed = wished <= FEWEST_PROBES ? 1 : Math.ceil(wished / SENDING_MILLIS);
  if (rate === null) return Math.min(MOST_PER_MILLI, needed);
  const serialised = rate / 1000 / (SHORTEST_PROBE * 8);
  // A wire slower than a frame a millisecond gets one as often as it is free.
  if (serialised < 1) return serialised;
  return Math.min(MOST_PER_MILLI, needed, Math.max(1, serialised * WAIT_FOR_OTHERS_MILLIS));
}

function planBurst(
  { rate, queue }: Impairment,
  mtu: number,
  patience: number,
): Pick<ProbePlan, 'burst' | 'burstBytes'> {
  if (rate === null) return { burst: 0, burstBytes: 0 };
  const bytesPerMilli = rate / 8 / 1000;
  const largest = Math.floor((bytesPerMilli * SLOWEST_BURST_MILLIS) / FEWEST_BURST);
  // Half of the queue at most: a burst that overflows it measures the queue.
  const fitting = Math.floor(queue / 2 / FEWEST_BURST);
  const burstBytes = Math.max(SHORTEST_PROBE, Math.min(mtu + 14, largest, fitting));
  const wished = Math.ceil((bytesPerMilli * BURST_MILLIS * patience) / burstBytes);
  const most = Math.min(MOST_BURST, Math.floor(queue / 2 / burstBytes));
  return { burst: Math.max(FEWEST_BURST, Math.min(wished, most)), burstBytes };
}
