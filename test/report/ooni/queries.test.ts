import { expect } from 'chai';
import { queries } from '../../../src/report/ooni/queries.ts';
import { DNS, attempt } from './attempts.ts';

describe('queries()', () => {
  it('tells question, resolver, answers and times', () => {
    const changes = { answers: ['203.0.113.7'], timings: { response: 12.5 } };
    expect(queries(attempt(changes, DNS))).to.deep.equal([
      {
        answers: [{ answer_type: 'A', ttl: null, ipv4: '203.0.113.7' }],
        engine: 'udp',
        failure: null,
        hostname: 'blocked.example',
        query_type: 'A',
        resolver_address: '[fd00::2]:53',
        t0: 0,
        t: 0.0125,
      },
    ]);
  });

  for (const [qtype, value, key] of [
    ['AAAA', 'fd00::9', 'ipv6'],
    ['CNAME', 'other.example', 'hostname'],
  ] as const)
    it(`has ${qtype} answers in ${key}`, () => {
      if (DNS.kind !== 'dns') throw new Error('no DNS probe');
      const [query] = queries(attempt({ answers: [value] }, { ...DNS, qtype }));
      expect(query!.answers).to.deep.equal([{ answer_type: qtype, ttl: null, [key]: value }]);
    });

  it('tells a query that failed', () => {
    const changes = { failure: 'generic_timeout_error', operation: 'resolve', timings: {} };
    expect(queries(attempt(changes, DNS))[0]).to.deep.include({
      answers: [],
      failure: 'generic_timeout_error',
      t: 0.1,
    });
  });

  it('has none of other probes', () => {
    expect(queries(attempt())).to.deep.equal([]);
  });
});
