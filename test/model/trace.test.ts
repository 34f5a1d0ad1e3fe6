import { expect } from 'chai';
import { totalsOf } from '../../src/model/trace.ts';

describe('model/trace', () => {
  it('totalsOf() counts packets and bytes of both directions', () => {
    expect(totalsOf({ times: [0, 5, 9], sizes: [60, -1500, -40] })).to.deep.equal({
      packetsOut: 1,
      packetsIn: 2,
      bytesOut: 60,
      bytesIn: 1540,
      duration: 9,
    });
    expect(totalsOf({ times: [], sizes: [] }).duration).to.equal(0);
  });
});
