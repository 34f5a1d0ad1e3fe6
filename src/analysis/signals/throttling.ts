// A rate far below what the links give, by its kind: policing drops what exceeds the rate and holds nothing, shaping holds and drops
// nothing. Told where captures on both sides of a node show each segment go in and come out, or not.
import { formatRate } from '../../base/units.ts';
import type { Signal } from '../../model/verdict.ts';
import { type Throttling, throttlingProofs, throttlings, turns } from '../detectors/throttled.ts';
import { quantile } from '../detectors/residence.ts';
import { describeDelay } from '../skew.ts';
import { suspect } from '../suspect.ts';
import { type SignalDetector, named, sideOf } from './signal-detector.ts';

export const signalThrottling: SignalDetector = (flow) =>
  throttlings(flow).map((found): Signal => ({
    kind: found.kind,
    side: sideOf(found.direction),
    detail: describeThrottling(found),
    proof: throttlingProofs(flow, found),
    ...named(suspect(flow.plan, found.section.gap.stretch)),
  }));

/** `400 kbit/s; 20 of 60 segments dropped in 14 turns; those let through held for 0.1 ms at the median`. */
function describeThrottling({ goodput, section, passages, kind, witness }: Throttling): string {
  const { error } = section.gap;
  const lost = passages.filter(({ left }) => left === null).length;
  const stays = passages.flatMap(({ stay }) => (stay === null ? [] : [stay]));
  const usual = describeDelay(Math.max(0, quantile(stays, 0.5) ?? 0), error);
  const drops = `${lost} of ${passages.length} segments dropped`;
  const facts =
    kind === 'policing'
      ? [
          `${drops} in ${turns(passages)} turns`,
          `those let through held for ${usual} at the median`,
        ]
      : [
          drops,
          `held for ${usual} at the median, ${describeDelay(witness.stay ?? 0, error)} at most`,
        ];
  return [formatRate(goodput), ...facts].join('; ');
}
