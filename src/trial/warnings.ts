// What weakens the evidence of a run without breaking it, one sentence each.
import type { AgentEvent, CaptureStats, LinkMeasurement } from '../model/rpc.ts';
import { formatBound, formatMillis } from '../base/units.ts';
import type { Expectation } from '../model/expectation.ts';
import type { MachineRecord } from '../model/machine.ts';
import type { Plan } from '../model/plan.ts';
import type { VisitRecord } from '../model/visit.ts';
import { countOf } from '../report/text.ts';

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

/** Microseconds of error above which delays across machines are doubtful whatever the scenario asks for. */
const LARGE_ERROR = 1000;

/** Clocks too uncertain for the delays that the plan makes. */
export function clockWarnings(
  machines: readonly MachineRecord[],
  { networks }: Pick<Plan, 'networks'>,
): string[] {
  const delays = networks
    .flatMap(({ members }) => members.map(({ impairment }) => impairment?.delay ?? 0))
    .filter((delay) => delay > 0);
  const half = Math.min(...delays) / 2;
  return machines.flatMap(({ name, clock: { error, samples } }) => {
    if (error > 0 && samples === 0)
      return [`The clock of machine "${name}" is not known: its times are not corrected`];
    const bound = formatBound(error / 1000);
    const lead = `The clock of machine "${name}" is known only to ± ${bound}: `;
    if (error > LARGE_ERROR) return [`${lead}delays across machines are as uncertain`];
    if (error > half * 1000)
      return [`${lead}more than half of the smallest delay, ${formatMillis(half * 2)}`];
    return [];
  });
}

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

/** Visits that were not made because those before had failed, summed by page. */
export function visitWarnings(visits: readonly VisitRecord[]): string[] {
  const dropped = new Map<string, number>();
  for (const { flow, url, status } of visits)
    if (status === 'dropped')
      dropped.set(`${flow}: ${url}`, (dropped.get(`${flow}: ${url}`) ?? 0) + 1);
  return [...dropped].map(
    ([page, count]) => `${page} was dropped: ${countOf(count, 'visit')} not made`,
  );
}

/** Containers that ended badly before the traffic had ended, but for those of which the scenario expects it. */
export function containerWarnings(
  { expectations }: Pick<Plan, 'expectations'>,
  { events, trafficEnded }: { events: readonly AgentEvent[]; trafficEnded: number | null },
): string[] {
  const expected = (node: string, asked: (wish: ContainerExpectation) => boolean): boolean =>
    expectations.some((one) => one.kind === 'container' && one.container === node && asked(one));
  return events.flatMap((event) => {
    if (event.kind !== 'container' || event.time > (trafficEnded ?? Infinity)) return [];
    const { node, what, exitCode = 0 } = event;
    if (what === 'out-of-memory' && !expected(node, (wish) => wish.oomKilled === true))
      return [`Container "${node}" ran out of memory: the kernel killed a process of it`];
    const isWished = (wish: ContainerExpectation): boolean =>
      wish.exitCode === exitCode || wish.state === 'exited' || wish.oomKilled === true;
    if (what === 'exited' && exitCode !== 0 && !expected(node, isWished))
      return [`Container "${node}" ended with exit code ${exitCode} before the traffic did`];
    return [];
  });
}

type ContainerExpectation = Extract<Expectation, { kind: 'container' }>;
