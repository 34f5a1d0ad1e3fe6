import { expect } from 'chai';
import { networkEvents } from '../../../src/report/ooni/network-events.ts';
import { attempt } from './attempts.ts';

describe('networkEvents()', () => {
  it('has the names of the format', () => {
    const read = { operation: 'read', t0: 0.1, t: 0.2, failure: null, bytes: 9 };
    expect(networkEvents(attempt({ events: [read] }))).to.deep.equal([
      {
        address: '10.10.2.2:443',
        failure: null,
        num_bytes: 9,
        operation: 'read',
        proto: 'tcp',
        t0: 0.1,
        t: 0.2,
      },
    ]);
  });

  it('has none of programs', () => {
    expect(networkEvents(attempt())).to.deep.equal([]);
  });
});
