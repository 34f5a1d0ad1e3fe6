import { REPORT, failing } from './fixture.ts';
import { expect } from 'chai';
import { summarise } from '../../src/report/summary.ts';

describe('summarise()', () => {
  it('is one flat object with the contract of apply --json', () => {
    const summary = summarise({ ...REPORT, expectations: [failing] }, '/r');
    expect(summary).to.have.all.keys(
      ...['scenario', 'planHash', 'seed', 'status', 'results'],
      ...['verdicts', 'expectations', 'timings', 'containers', 'mirrors', 'warnings'],
    );
    expect(summary.expectations[0]).to.include({ flow: 'forbidden', held: false });
    expect(summary.verdicts[0]).to.include({ flow: 'forbidden', by: 'middle' });
  });

  it('carries the fault of a run that broke', () => {
    const manifest = { ...REPORT.manifest, status: 'broken' as const, fault: { message: 'gone' } };
    expect(summarise({ ...REPORT, manifest }, '/r').fault).to.deep.equal({ message: 'gone' });
  });
});
