import { type ClockRecord, OWN_CLOCK, correctTime } from '../../src/model/machine.ts';
import { expect } from 'chai';

const AT = 1_790_000_000_000_000;

describe('correctTime()', () => {
  it('is exact at the time of the record, and drifts from there', () => {
    const clock: ClockRecord = { offset: -1_200_000, at: AT, drift: 40, error: 1, samples: 1 };
    expect(correctTime(clock, AT + 1_200_000)).to.equal(AT);
    expect(correctTime(clock, AT + 11_200_000)).to.equal(AT + 10_000_400);
  });

  it("leaves the controller's own times as they are, to the nanosecond", () => {
    expect(correctTime(OWN_CLOCK, AT + 0.25)).to.equal(AT + 0.25);
  });
});
