import { expect } from 'chai';
import { describeCounters, describeNews } from '../../src/model/describe-relay.ts';

const common = { time: 1, session: 3 };

describe('model/describe-relay', () => {
  for (const [news, text] of [
    [
      { ...common, kind: 'opened', client: 'tcp://[::1]:4000', target: 'tcp://[::1]:80' },
      'session 3: from tcp://[::1]:4000 to tcp://[::1]:80',
    ],
    [{ ...common, kind: 'opened', client: 'unix:', target: 'unix:/a' }, 'session 3: to unix:/a'],
    [
      { ...common, kind: 'closed', reason: 'finished', upstream: 5, downstream: 2048 },
      'session 3: finished, 5 B from the client, 2.05 kB from the server',
    ],
    [{ ...common, kind: 'note', text: 'held' }, 'session 3: held'],
  ] as const)
    it(`says ${text}`, () => expect(describeNews(news)).to.equal(text));

  it('sums a relay up', () =>
    expect(
      describeCounters({
        sessions: { open: 1, accepted: 5, refused: 2, failed: 3 },
        upstream: { bytesIn: 10, bytesOut: 9, messagesIn: 4, messagesOut: 3 },
        downstream: { bytesIn: 0, bytesOut: 0, messagesIn: 0, messagesOut: 0 },
        rules: { flip: 2 },
        ...{ framingFaults: 0, unread: 0, overdue: 0, fuzzed: 0, findings: {} },
      }),
    ).to.equal(
      [
        '5 sessions: 1 open, 3 without a target; 2 more were refused',
        'upstream: 10 B in 4 messages came, 9 B in 3 went on',
        'downstream: 0 B in 0 messages came, 0 B in 0 went on',
        'rule flip: 2 messages',
      ].join('\n'),
    ));
});
