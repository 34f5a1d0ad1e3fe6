import { expect } from 'chai';
import { observePlay } from '../../src/model/observe-play.ts';
import type { ChannelTuple, PartyReport } from '../../src/model/script.ts';

const flow = { name: 'greeting', from: 'c' };
const at = { address: '', port: 0 };
const spec = {
  parties: [
    { name: 'alice', node: 'c', program: [] },
    { name: 'bob', node: 's', program: [] },
  ],
  channels: [{ from: 'alice', to: 'bob', source: at, destination: at }],
};
const tuple: ChannelTuple = {
  ...{ channel: 0, protocol: 'tcp', source: '10.0.0.1', sourcePort: 40_000 },
  ...{ destination: '10.0.0.2', destinationPort: 9000 },
};
const report = (party: string, more: Partial<PartyReport> = {}): PartyReport => ({
  ...{ party, node: party === 'alice' ? 'c' : 's', failure: null, operation: null, step: null },
  ...{ start: 10, end: 30, received: 1, sent: 2, timings: { done: 0.02 }, tuples: [tuple] },
  ...more,
});

describe('observePlay()', () => {
  it('makes one observation of what all parties saw, as the first saw it', () => {
    const behindNat = { ...tuple, sourcePort: 5 };
    const bob = report('bob', { start: 5, end: 40, received: 9, tuples: [behindNat] });
    const { parties, ...seen } = observePlay(flow, spec, 3, [bob, report('alice')]);
    expect(seen).to.deep.equal({
      ...{ flow: 'greeting', attempt: 3, node: 'c', probe: 'script' },
      ...{ failure: null, operation: null, start: 5, end: 40, received: 1, sent: 2 },
      timings: { done: 0.02 },
      fiveTuple: {
        ...{ protocol: 'tcp', source: '10.0.0.1', sourcePort: 40_000 },
        ...{ destination: '10.0.0.2', destinationPort: 9000 },
      },
    });
    expect(parties?.map(({ party }) => party)).to.deep.equal(['alice', 'bob']);
  });

  it('fails as the party that failed first', () => {
    const fail = (party: string, failure: string, end: number): PartyReport =>
      report(party, { failure, operation: 'read', step: '2', detail: 'why', end });
    const reports = [fail('alice', 'connection_reset', 50), fail('bob', 'eof_error', 49)];
    expect(observePlay(flow, spec, 1, reports)).to.include({
      ...{ failure: 'eof_error', operation: 'read', detail: '"bob" at step 2: why', end: 50 },
    });
    const plain = report('alice', { failure: 'x', tuples: [] });
    const alone = observePlay(flow, spec, 1, [plain]);
    expect(alone).to.include({ detail: '"alice"' });
    expect(alone).to.not.have.property('fiveTuple');
  });
});
