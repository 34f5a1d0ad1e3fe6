import { formatMillis, formatRate } from '../base/units.ts';
import type { MachineRecord } from '../model/machine.ts';
import type { LinkMeasurement } from '../model/rpc.ts';
import { describeClock, farMachines } from '../report/describe.ts';

/** `0.21 s`, `12.3 s`: how long a phase took. */
export const describeSeconds = (millis: number): string =>
  `${(millis / 1000).toFixed(millis < 10_000 ? 2 : 1)} s`;

/** `inside 5.0 ms · outside 20.1 ms, 98.7 Mbit/s`: each network once, its slowest direction, loss where there is any. */
export function describeLinks(links: readonly LinkMeasurement[]): string {
  const networks = [...new Set(links.map((link) => link.network))];
  return networks
    .map((network) => {
      const directions = links.filter((link) => link.network === network);
      const rates = directions.flatMap(({ rate }) => (rate === null ? [] : [rate]));
      const loss = Math.max(...directions.map((link) => link.lossRatio));
      const facts = [
        formatMillis(Math.max(...directions.map((link) => link.delay))),
        ...(rates.length > 0 ? [formatRate(Math.min(...rates))] : []),
        ...(loss > 0 ? [`${(loss * 100).toFixed(1)}% loss`] : []),
      ];
      return `${network} ${facts.join(', ')}`;
    })
    .join(' · ');
}

/** `edge +1.20 ms ± 0.1 ms · core -3.70 s ± 0.2 ms`: what is added to the times of each far machine; null without any. */
export const describeClocks = (machines: readonly MachineRecord[]): string | null =>
  farMachines(machines)
    .map(({ name, clock }) => `${name} ${describeClock(clock)}`)
    .join(' · ') || null;
