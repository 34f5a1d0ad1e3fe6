import { expect } from 'chai';
import { renderChecks, renderTraces } from '../../../src/report/traces/tables.ts';
import { traceOf } from '../../analysis/traces/made-traces.ts';

describe('report/traces/tables', () => {
  it('renderTraces() has a line a path and site, with what is in the middle', () => {
    const sized = (size: number, visit: number) =>
      traceOf([60, -size, -size], { site: 'page\u001b[2J', visit });
    expect(renderTraces([sized(100, 1), sized(5000, 2), sized(200, 3)])).to.equal(
      [
        'path        site           visits  packets out  in  bytes out  in     lasts',
        'client.wg0  page\\u001b[2J  3       1            2   60 B       400 B  2.00 ms',
        '',
      ].join('\n'),
    );
  });

  it('renderChecks() has chance beside what was right', () => {
    const accuracy = { right: 9, share: 0.9, low: 0.596, high: 0.982 };
    const line = renderChecks([
      {
        ...{ path: 'client.wg0', sites: 5, traces: 10, folds: 2, chance: 0.2, notes: [] },
        cumul: accuracy,
        kfp: { ...accuracy, right: 2, share: 0.2 },
      },
    ]).split('\n')[1];
    expect(line).to.match(
      /^client\.wg0 +5 +10 +2 +90\.0 % \(59\.6 % to 98\.2 %\) +20\.0 % \(59\.6 % to 98\.2 %\) +20\.0 %$/,
    );
  });
});
