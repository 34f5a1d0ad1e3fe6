import type { MachineRecord } from '../../src/model/machine.ts';
import { OWN_CLOCK } from '../../src/model/machine.ts';
import { REPORT } from './fixture.ts';
import type { Report } from '../../src/report/report.ts';
import { expect } from 'chai';
import { machineSection } from '../../src/report/html-machines.ts';

const local: MachineRecord = {
  name: 'local',
  reached: 'local',
  kernel: 'Linux 6.18.0',
  agent: '0.1.0',
  node: 'v20.20.2',
  underlay: null,
  clock: OWN_CLOCK,
};
const edge: MachineRecord = {
  ...local,
  name: 'edge',
  reached: 'lab@<edge>:22',
  underlay: '198.51.100.7',
  clock: { offset: -3_700_120, at: 1, drift: 12.46, error: 123, samples: 40 },
};

const withMachines = (machines: readonly MachineRecord[]): Report => ({
  ...REPORT,
  manifest: { ...REPORT.manifest, machines },
});

describe('machineSection()', () => {
  it('shows each machine with its clock', () => {
    const html = machineSection(withMachines([local, edge]));
    for (const text of ['lab@&lt;edge&gt;:22', '198.51.100.7', '-3.70 s ± 0.13 ms', '12.5 ppm'])
      expect(html).to.include(text);
  });

  it("is not there when there is only the controller's own", () => {
    expect(machineSection(withMachines([local]))).to.equal('');
    expect(machineSection(REPORT)).to.equal('');
  });
});
