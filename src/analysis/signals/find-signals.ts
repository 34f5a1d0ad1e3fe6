// All detectors of signals, and what of their findings a verdict holds.
import type { Signal } from '../../model/verdict.ts';
import type { AlignedFlow } from '../aligned.ts';
import { signalBlockPage } from './block-page.ts';
import { signalConflictingSegments } from './conflicting-segments.ts';
import { signalInjectedDns } from './injected-dns.ts';
import { signalInjectedRst } from './injected-rst.ts';
import { signalRetransmission } from './retransmission.ts';
import type { SignalDetector } from './signal-detector.ts';
import { signalSilentDrop } from './silent-drop.ts';
import { signalTampering } from './tampering.ts';
import { signalThrottling } from './throttling.ts';

/** In the order in which signals are shown: what was done on purpose first. */
const DETECTORS: readonly SignalDetector[] = [
  signalInjectedRst,
  signalInjectedDns,
  signalBlockPage,
  signalSilentDrop,
  signalThrottling,
  signalTampering,
  signalConflictingSegments,
  signalRetransmission,
];

/** Of one attempt. */
export const findSignals = (flows: readonly AlignedFlow[]): Signal[] =>
  mergeSignals(DETECTORS.flatMap((detect) => flows.flatMap(detect)));

/** One of each kind towards each side: the first that names who did it, or else the first. */
export function mergeSignals(signals: readonly Signal[]): Signal[] {
  const kept = new Map<string, Signal>();
  for (const signal of signals) {
    const key = `${signal.kind} ${signal.side}`;
    const known = kept.get(key);
    if (!known || (known.by === undefined && signal.by !== undefined)) kept.set(key, signal);
  }
  return [...kept.values()];
}
