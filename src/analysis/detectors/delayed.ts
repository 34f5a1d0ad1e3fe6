// A node holds every packet, from the first on, for much longer than forwarding takes.
import type { AlignedFlow } from '../aligned.ts';
import { sightingProofs } from '../describe-packet.ts';
import type { Detector, Finding } from '../finding.ts';
import { describeDelay } from '../skew.ts';
import { describeSuspect, suspect } from '../suspect.ts';
import { type Section, quantile, sectionsWithNodes } from './residence.ts';

/** Milliseconds: busy machines were seen to hold single packets for 20. */
const NOTICEABLE = 50;
const ENOUGH_PACKETS = 2;

export const detectDelayed: Detector = (flow) => {
  const findings = [flow.forward, flow.reverse].flatMap((direction) =>
    sectionsWithNodes(direction).flatMap((section) => delay(flow, section) ?? []),
  );
  return findings.toSorted((left, right) => left.time - right.time)[0] ?? null;
};

function delay(flow: AlignedFlow, { gap, passages }: Section): Finding | null {
  const through = passages.filter(({ stay }) => stay !== null);
  const stays = through.map(({ stay }) => stay ?? 0);
  const shortest = quantile(stays, 0) ?? 0;
  const [first] = through;
  const certain = shortest - gap.error / 1000;
  if (through.length < ENOUGH_PACKETS || !first || certain < NOTICEABLE) return null;
  const by = suspect(flow.plan, gap.stretch);
  const held = describeDelay(quantile(stays, 0.5) ?? shortest, gap.error);
  return {
    cause: 'delayed',
    by,
    time: first.entered,
    summary: `packets held for ${held} by ${describeSuspect(by, gap.stretch)}`,
    proof: sightingProofs(
      flow,
      first.trajectory,
      `held for ${describeDelay(first.stay ?? 0, gap.error)}`,
    ),
  };
}
