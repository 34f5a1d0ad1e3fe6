import { expect } from 'chai';
import type { CompareStatistics } from '../../src/model/mirror-compare.ts';
import { compareMarkup } from '../../src/report/html-compare.ts';
import { COMPARISON } from './mirror-fixture.ts';

const NOTHING = { count: 0, p50: 0, p90: 0, p99: 0, buckets: [] };

describe('compareMarkup()', () => {
  it('lists what differs, both answers beside it', () => {
    const html = compareMarkup('shadow', COMPARISON);
    expect(html).to.include('40 pairs of answers, 1 of them different<');
    expect(html).to.include(
      [
        '<td>GET /&lt;b&gt;</td><td>status</td><td>status 200, not 500</td>',
        '<td>200, 1.50 kB, 3.00 ms</td><td>500, 20 B, 5.00 ms</td>',
      ].join(''),
    );
  });

  it('has the times of both servers side by side, by powers of two', () => {
    const html = compareMarkup('shadow', COMPARISON);
    expect(html).to.include('<td>p50</td><td>2.10 ms</td><td>4.20 ms</td>');
    const meters = (...counts: readonly number[]) =>
      counts
        .map((count) => `<td><meter min="0" max="40" value="${count}"></meter> ${count}</td>`)
        .join('');
    expect(html).to.include(`<td>below 2.00 ms</td>${meters(30, 0)}`);
    expect(html).to.include(`<td>below 8.00 ms</td>${meters(10, 40)}`);
  });

  it('counts what is missing, what was not compared, and what is not listed', () => {
    const comparison: CompareStatistics = {
      ...COMPARISON,
      ...{ different: 9, missing: 1, extra: 2, unread: 1, faults: 3 },
    };
    expect(compareMarkup('shadow', comparison)).to.include(
      [
        '40 pairs of answers, 9 of them different',
        'the target did not answer 1 request',
        'the online server did not answer 2 requests',
        'of 1 pair only the sizes were compared',
        '3 sessions could not be read to the end',
        '11 of these are not listed',
      ].join('; '),
    );
  });

  it('says of a server that did not answer that it has no times', () => {
    const [difference] = COMPARISON.differences;
    const html = compareMarkup('shadow', {
      ...COMPARISON,
      differences: [{ ...difference!, what: 'missing', target: null }],
      latency: { ...COMPARISON.latency, target: NOTHING },
    });
    expect(html).to.include('<td>none</td>');
    expect(html).to.include('<td>p50</td><td>2.10 ms</td><td></td>');
  });

  it('has no tables where nothing was compared', () => {
    const latency = { online: NOTHING, target: NOTHING };
    expect(
      compareMarkup('shadow', { ...COMPARISON, pairs: 0, different: 0, differences: [], latency }),
    ).to.equal('<h3>shadow: answers compared</h3><p>0 pairs of answers, 0 of them different</p>');
  });
});
