// What weakens the evidence of a run without breaking it, one sentence each.
import type { CaptureStats, LinkMeasurement } from '../model/rpc.ts';

/** Links that miss what the file asks for. */
export const linkWarnings = (links: readonly LinkMeasurement[]): string[] =>
  links.flatMap(({ network, from, to, misses }) =>
    misses.map((miss) => `Link "${network}" from ${from} to ${to}: ${miss}`),
  );

/** Captures that lost packets. */
export const captureWarnings = (captures: readonly CaptureStats[]): string[] =>
  captures
    .filter(({ dropped }) => dropped > 0)
    .map(
      ({ node, network, dropped, packets }) =>
        `Capture ${node}.${network} lost ${dropped} of ${packets + dropped} packets: verdicts may miss them`,
    );
