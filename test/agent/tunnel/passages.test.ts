import { expect } from 'chai';
import { parseCounters } from '../../../src/agent/build/counters.ts';
import { passagesOf } from '../../../src/agent/tunnel/passages.ts';

const PRINTED = `table inet runner {
	counter leaked-wg0 {
		packets 235 bytes 33840
	}
	counter sent-wg0--wg-a {
		packets 12 bytes 1200
	}
	counter received-wg0--wg-a {
		packets 3 bytes 300
	}
	counter sent-wg1--wg-a {
		packets 7 bytes 700
	}
}
`;

describe('agent/tunnel/passages', () => {
  it('parseCounters() reads what nft(8) prints', () =>
    expect(parseCounters(PRINTED).get('leaked-wg0')).to.deep.equal({
      ...{ packets: 235, bytes: 33_840 },
    }));

  it('passagesOf() tells tunnels over the same one apart, and has nothing of those that nothing passed', () => {
    const nothing = { packets: 0, bytes: 0 };
    const counters = parseCounters(PRINTED);
    expect(passagesOf({ name: 'wg0', over: ['wg-a', 'wg-b'] }, counters)).to.deep.equal({
      ways: [
        {
          carrier: 'wg-a',
          sent: { packets: 12, bytes: 1200 },
          received: { packets: 3, bytes: 300 },
        },
        { carrier: 'wg-b', sent: nothing, received: nothing },
      ],
      leaked: 235,
    });
    expect(passagesOf({ name: 'wg1', over: ['wg-a'] }, counters).ways).to.deep.equal([
      { carrier: 'wg-a', sent: { packets: 7, bytes: 700 }, received: nothing },
    ]);
  });
});
