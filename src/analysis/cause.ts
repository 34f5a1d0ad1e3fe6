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

/** What the client or the server received. */
const RECEIVED: readonly Row[] = [
  { detect: detectInjectedDns, explains: ['success', 'content'] },
  { detect: detectInjectedPage, explains: ['success', 'content', 'closed', 'reset'] },
  { detect: detectInjectedData, explains: ['success', 'content', 'closed', 'reset', 'timeout'] },
  {
    detect: detectInjectedRst,
    explains: ['success', 'reset', 'refused', 'closed', 'content', 'timeout'],
  },
  { detect: detectInjectedFin, explains: ['closed', 'reset', 'content'] },
  { detect: detectTampered, explains: ['success', 'content', 'closed', 'reset', 'timeout'] },
  { detect: detectRefusedByPeer, explains: ['refused', 'reset', 'unreachable'] },
  { detect: detectResetByPeer, explains: ['reset', 'closed', 'content'] },
  { detect: detectUnreachable, explains: ['unreachable', 'refused', 'timeout', 'content'] },
];

/** What came too slowly. */
const SLOWED: readonly Row[] = [
  { detect: detectThrottled, explains: ['success', 'timeout', 'content'] },
];

/** What never came. */
const LOST: readonly Row[] = [
  { detect: detectDropped, explains: ['timeout', 'unreachable', 'closed', 'reset', 'content'] },
  { detect: detectLinkLoss, explains: ['timeout', 'unreachable', 'content'] },
];

/** What came late. A busy machine holds packets too, so that it explains only what nothing else does. */
const LATE: readonly Row[] = [
  { detect: detectDelayed, explains: ['success', 'timeout', 'content'] },
];

/**
 * A censor that answers in the server's place drops the request as well: what was received goes before what was missed. Rows
 * are in order of preference where two things took effect at the same time, and for attempts that succeeded.
 */
const TIERS: readonly (readonly Row[])[] = [RECEIVED, SLOWED, LOST, LATE];

/** Microseconds by which the clocks of packets and of attempts may differ. */
const CLOCK_SLACK = 1000;

/** The finding that explains the attempt, or null. An attempt with several connections is explained by the first that tells. */
export function findCause(flows: readonly AlignedFlow[]): Finding | null {
  for (const rows of TIERS) {
    const findings = rows.flatMap((row) => flows.flatMap((flow) => findingOf(row, flow) ?? []));
    // What took effect at the same time, as far as the clocks can tell, stays in the order of the table.
    const times = findings.map(({ time }) => time);
    const earliest = times.reduce((least, time) => Math.min(least, time), Infinity);
    const error = Math.max(0, ...flows.map((flow) => flow.error));
    const first = hasFailed(flows)
      ? findings.find(({ time }) => time <= earliest + error)
      : findings[0];
    if (first) return first;
  }
  return null;
}

function findingOf({ detect, explains }: Row, flow: AlignedFlow): Finding | null {
  const { failure, end, probe } = flow.observation;
  // What the exit code of a program stands for only the program knows: all that happened may explain it.
  const isOpen = probe === 'run' && failure !== null;
  if (!isOpen && !explains.includes(outcomeOf(failure))) return null;
  const finding = detect(flow);
  const isLate =
    failure !== null && finding !== null && finding.time > end + CLOCK_SLACK + flow.error;
  return isLate ? null : finding;
}

const hasFailed = (flows: readonly AlignedFlow[]): boolean =>
  flows.some(({ observation }) => observation.failure !== null);
