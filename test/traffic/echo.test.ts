import { expect } from 'chai';
import fc from 'fast-check';
import { echoBlocks, echoPayload, findEchoDifference } from '../../src/traffic/echo.ts';

describe('traffic/echo', () => {
  it('echoBlocks() add up to the payload', () => {
    const whole = Buffer.concat([...echoBlocks(150_000)]);
    expect(whole.equals(echoPayload(0, 150_000))).to.equal(true);
  });

  it('echoBlocks() of nothing are none', () => {
    expect([...echoBlocks(0)]).to.deep.equal([]);
  });

  it('findEchoDifference() finds none in any part of the payload', () => {
    fc.assert(
      fc.property(fc.nat(100_000), fc.nat(500), (from, size) => {
        expect(findEchoDifference(echoPayload(from, from + size), from)).to.equal(undefined);
      }),
    );
  });

  it('findEchoDifference() finds a changed byte and a missing one', () => {
    const payload = echoPayload(1000, 1100);
    payload[7] = (payload[7] ?? 0) ^ 1;
    expect(findEchoDifference(payload, 1000)).to.equal(1007);
    expect(findEchoDifference(echoPayload(1, 600), 0)).to.equal(0);
  });
});
