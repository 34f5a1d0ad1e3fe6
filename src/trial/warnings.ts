// What weakens the evidence of a run without breaking it, one sentence each.
import type { AgentEvent, CaptureStats, LinkMeasurement } from '../model/rpc.ts';

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

/** What the packet path could not carry, keep or tell, summed by place and kind, but for what the scenario asks for. */
export function lossWarnings(events: readonly AgentEvent[]): string[] {
  const sums = new Map<string, number>();
  for (const event of events) {
    if (event.kind !== 'loss' || event.isDeclared) continue;
    const key = `${event.what} (${event.place})`;
    sums.set(key, (sums.get(key) ?? 0) + event.count);
  }
  return [...sums].map(([key, count]) => `${count} ${key}`);
}
