import type { Impairment } from '../../model/plan.ts';
import type { Member, Network } from '../../model/scenario-file.ts';
import { bitsPerSecond, bytes, millis, ratio } from './quantity.ts';

/** What may be said of a whole network or of one member. */
export const IMPAIRMENTS = [
  'delay',
  'jitter',
  'loss',
  'duplicate',
  'reorder',
  'corrupt',
  'rate',
  'queue',
] as const;
export type ImpairmentKey = (typeof IMPAIRMENTS)[number];

/** A queue without a size of its own holds this long at the link's rate. */
const QUEUE_SECONDS = 0.1;
const SMALLEST_QUEUE = 64 * 1024;

/** What happens to frames that `node` sends into the network; undefined when nothing does. */
export function resolveImpairment(
  network: Network,
  node: string,
  own: Member,
): Impairment | undefined {
  const written = (key: ImpairmentKey): string | undefined => {
    const all = network[key];
    if (own[key] !== undefined) return own[key];
    if (typeof all !== 'object') return all;
    return Object.hasOwn(all, node) ? all[node] : undefined;
  };
  const share = (key: ImpairmentKey): number => ratio(written(key) ?? '0%');
  const rateText = written('rate');
  const rate = rateText === undefined ? null : bitsPerSecond(rateText);
  const queueText = written('queue');
  const impairment: Impairment = {
    delay: millis(written('delay') ?? '0ms'),
    jitter: millis(written('jitter') ?? '0ms'),
    lossRatio: share('loss'),
    duplicateRatio: share('duplicate'),
    reorderRatio: share('reorder'),
    corruptRatio: share('corrupt'),
    rate,
    queue: queueText === undefined ? defaultQueue(rate) : bytes(queueText),
  };
  const isIdle = Object.entries(impairment).every(
    ([key, value]) => key === 'queue' || value === 0 || value === null,
  );
  return isIdle ? undefined : impairment;
}

const defaultQueue = (rate: number | null): number =>
  Math.max(SMALLEST_QUEUE, Math.round(((rate ?? 0) / 8) * QUEUE_SECONDS));
