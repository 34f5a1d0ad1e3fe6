import { expect } from 'chai';
import { Timestamps } from '../../../../src/roles/endpoint/tcp/timestamps.ts';

describe('roles/endpoint/tcp/timestamps', () => {
  it('value() counts milliseconds from its offset and wraps', () => {
    const timestamps = new Timestamps(0xffff_ffff);
    expect(timestamps.value(0)).to.equal(0xffff_ffff);
    expect(timestamps.value(2999)).to.equal(1);
    expect(timestamps.roundTrip(timestamps.value(1000), 4500)).to.equal(3000);
    expect(timestamps.roundTrip(timestamps.value(9000), 4500)).to.equal(0);
  });

  it('note() takes what covers the last acknowledgment and is not old', () => {
    const timestamps = new Timestamps(0);
    timestamps.recent = 0xffff_fff0;
    timestamps.note(5, 101, 100);
    expect(timestamps.recent).to.equal(0xffff_fff0);
    timestamps.note(5, 100, 100);
    expect(timestamps.recent).to.equal(5);
    timestamps.note(4, 90, 100);
    expect(timestamps.recent).to.equal(5);
    expect([4, 5, 6].map((value) => timestamps.isOld(value))).to.deep.equal([true, false, false]);
  });
});
