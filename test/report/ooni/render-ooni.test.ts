import { expect } from 'chai';
import { renderOoni } from '../../../src/report/ooni/render-ooni.ts';
import { planFlow } from '../../analysis/support/plans.ts';
import { REPORT } from '../fixture.ts';
import { attempt } from './attempts.ts';

describe('renderOoni()', () => {
  it('writes one JSON object a line for each attempt, with probe and verdict of its flow', () => {
    const report = { ...REPORT, plan: { ...REPORT.plan, flows: [planFlow('forbidden')] } };
    const observations = [1, 2].map((number) => attempt({ attempt: number }).observation);
    const lines = renderOoni(report, observations).trimEnd().split('\n');
    const measurements = lines.map((line): unknown => JSON.parse(line));
    expect(measurements).to.have.length(2);
    expect(measurements[1]).to.have.nested.property('annotations.attempt', '2');
    expect(measurements[1]).to.have.nested.property('annotations.cause', 'injected-rst');
    expect(measurements[1]).to.have.property('input', 'tlshandshake://10.10.2.2:443');
  });

  it('is empty without attempts', () => {
    expect(renderOoni(REPORT, [])).to.equal('');
  });
});
