// Why an attempt came to what it came to: of what the detectors saw, the first that can explain it.
import type { AlignedFlow } from './aligned.ts';
import { detectDelayed } from './detectors/delayed.ts';
import { detectInjectedData } from './detectors/injected-data.ts';
import { detectInjectedDns } from './detectors/injected-dns.ts';
import { detectInjectedFin } from './detectors/injected-fin.ts';
import { detectInjectedPage } from './detectors/injected-page.ts';
import { detectInjectedRst } from './detectors/injected-rst.ts';
import { detectDropped, detectLinkLoss } from './detectors/loss.ts';
import { detectRefusedByPeer, detectResetByPeer } from './detectors/peer.ts';
import { detectTampered } from './detectors/tampered.ts';
import { detectThrottled } from './detectors/throttled.ts';
import { detectUnreachable } from './detectors/unreachable.ts';
import { type Detector, type Finding, type Outcome, outcomeOf } from './finding.ts';

interface Row {
  readonly detect: Detector;
  readonly explains: readonly Outcome[];
}

/** In order of preference where two things took effect at the same time, and for attempts that succeeded. */
const DETECTORS: readonly Row[] = [
  { detect: detectInjectedDns, explains: ['success', 'content', 'timeout'] },
  { detect: detectInjectedPage, explains: ['success', 'content', 'closed', 'reset'] },
  {
    detect: detectInjectedData,
    explains: ['success', 'content', 'closed', 'reset', 'timeout'],
  },
  {
    detect: detectInjectedRst,
    explains: ['success', 'reset', 'refused', 'closed', 'content', 'timeout'],
  },
  { detect: detectInjectedFin, explains: ['closed', 'reset', 'content'] },
  { detect: detectTampered, explains: ['success', 'content', 'closed', 'reset', 'timeout'] },
  { detect: detectRefusedByPeer, explains: ['refused', 'reset', 'unreachable'] },
  { detect: detectResetByPeer, explains: ['reset', 'closed', 'content'] },
  { detect: detectUnreachable, explains: ['unreachable', 'refused', 'timeout'] },
  { detect: detectThrottled, explains: ['success', 'timeout', 'content'] },
  { detect: detectDelayed, explains: ['success', 'timeout', 'content'] },
  { detect: detectDropped, explains: ['timeout', 'unreachable', 'closed', 'reset', 'content'] },
  { detect: detectLinkLoss, explains: ['timeout', 'unreachable', 'content'] },
];

/** Microseconds by which the clocks of packets and of attempts may differ. */
const CLOCK_SLACK = 1000;

/** The finding that explains the attempt, or null. An attempt with several connections is explained by the first that tells. */
export function findCause(flows: readonly AlignedFlow[]): Finding | null {
  const findings = flows.flatMap(findingsOf);
  const [first] = flows;
  if (!first) return null;
  if (first.observation.failure === null) return findings[0] ?? null;
  const latest = first.observation.end + CLOCK_SLACK;
  // Sorting is stable: what took effect at the same time stays in the order of the table.
  const inTime = findings.filter(({ time }) => time <= latest);
  return inTime.toSorted((left, right) => left.time - right.time)[0] ?? null;
}

function findingsOf(flow: AlignedFlow): Finding[] {
  const outcome = outcomeOf(flow.observation.failure);
  return DETECTORS.flatMap(({ detect, explains }) =>
    explains.includes(outcome) ? (detect(flow) ?? []) : [],
  );
}
