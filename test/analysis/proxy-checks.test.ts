import { expect } from 'chai';
import { proxyChecks } from '../../src/analysis/proxy-checks.ts';
import type { ProxyRecord } from '../../src/model/relay-record.ts';

const RECORD: ProxyRecord = {
  ...{ name: 'mitm', on: 'middle' },
  statistics: {
    sessions: { open: 0, accepted: 2, refused: 0, failed: 0 },
    upstream: { bytesIn: 100, bytesOut: 90, messagesIn: 3, messagesOut: 2 },
    downstream: { bytesIn: 50, bytesOut: 50, messagesIn: 1, messagesOut: 1 },
    rules: { flip: 4 },
    ...{ framingFaults: 0, unread: 0, overdue: 0, fuzzed: 5, findings: { reset: 2 } },
  },
};
const atLeast = (min: number) => ({ min, max: null, text: `>=${min}` });
const expectation = { kind: 'proxy', id: '1-proxy-mitm', proxy: 'mitm' } as const;

describe('proxyChecks()', () => {
  it('counts what came, both ways', () => {
    const checks = proxyChecks(
      {
        ...expectation,
        rule: { name: 'flip', count: atLeast(5) },
        ...{ sessions: atLeast(2), messages: atLeast(4), bytes: atLeast(151) },
        ...{ framingFaults: { min: 0, max: 0, text: '0' }, fuzzed: atLeast(5) },
      },
      [RECORD],
    );
    expect(checks.map(({ held }) => held)).to.deep.equal([false, true, true, false, true, true]);
    expect(checks.map(({ detail }) => detail)).to.include.members([
      'mitm: messages of rule flip is 4, expected >=5',
      'mitm: bytes is 150, expected >=151',
      'mitm: messages 4 (>=4)',
    ]);
  });

  it('counts the answers of a finding', () => {
    const finding = (answer: string, min: number) => ({ answer, count: atLeast(min) });
    const held = (wish: ReturnType<typeof finding>) =>
      proxyChecks({ ...expectation, finding: wish }, [RECORD]).map((check) => check.held);
    expect(held(finding('reset', 2))).to.deep.equal([true]);
    expect(held(finding('reset', 3))).to.deep.equal([false]);
    expect(held(finding('end', 1))).to.deep.equal([false]);
  });

  it('has nothing of a rule that never acted, or of a proxy that never ran', () => {
    const rule = { name: 'other', count: { min: 0, max: 0, text: '0' } };
    expect(proxyChecks({ ...expectation, rule }, [RECORD])[0]?.held).to.equal(true);
    expect(proxyChecks(expectation, [])).to.deep.equal([
      { held: false, detail: 'proxy mitm never ran' },
    ]);
  });
});
