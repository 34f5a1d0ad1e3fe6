import { expect } from 'chai';
import { signalSection } from '../../src/report/html-signals.ts';
import { REPORT } from './fixture.ts';

describe('signalSection()', () => {
  it('shows stage, outcome, signature and each signal with its proof', () => {
    const html = signalSection(REPORT);
    for (const text of [
      '<td>tcp.reset</td>',
      '<td>⟨PSH+ACK→RST+ACK⟩</td>',
      '<td>injected-rst</td><td>client</td><td>middle</td>',
      '<code>client.inside #9</code>',
    ])
      expect(html).to.include(text);
  });

  it('says so when no packet betrays anything', () => {
    const verdicts = REPORT.verdicts.map((verdict) => ({ ...verdict, signals: [] }));
    expect(signalSection({ ...REPORT, verdicts })).to.include('No packet betrays more');
  });

  it('is not there without flows', () => {
    expect(signalSection({ ...REPORT, verdicts: [] })).to.equal('');
  });
});
