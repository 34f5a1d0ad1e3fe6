// The machines of a run in report.html, when there is another than the controller's own.
import { type Cell, arms, table } from './html-sections.ts';
import { describeClock, describeDrift, farMachines } from './describe.ts';
import type { MachineRecord } from '../model/machine.ts';
import type { Report } from './report.ts';

export const machineSection = ({ manifest }: Report): string =>
  arms(manifest, 'Machines', ({ machines }) =>
    farMachines(machines).length === 0 ? '' : table(HEAD, machines.map(row)),
  );

const HEAD = [
  'Machine',
  'Reached',
  'Kernel',
  'Agent',
  'Node.js',
  'Underlay',
  'Added to its times',
  'Drift',
];

function row(machine: MachineRecord): Cell[] {
  const { name, reached, kernel, agent, node, underlay, clock } = machine;
  const isFar = farMachines([machine]).length > 0;
  const times = isFar ? [describeClock(clock), describeDrift(clock)] : ['', ''];
  return [name, reached, kernel, agent, node, underlay ?? '', ...times];
}
