import { expect } from 'chai';
import fc from 'fast-check';
import { Limiter, SHAPER_QUEUE } from '../../../../src/roles/censor/act/limiter.ts';
import { REFUSED } from '../../../../src/roles/censor/act/step.ts';

const action = (mode: 'police' | 'shape', rate: number, burst: number) =>
  ({ kind: 'throttle', mode, rate, burst, direction: 'both', per: 'flow' }) as const;

describe('roles/censor/limiter', () => {
  it('admit() polices: what exceeds the burst is refused until time has paid for it', () => {
    const limiter = new Limiter(action('police', 8e6, 1000), 0);
    expect(limiter.admit(1000, 0)).to.equal(0);
    expect(limiter.admit(500, 499)).to.equal(REFUSED);
    expect(limiter.admit(500, 500)).to.equal(500);
  });

  it('admit() lets a packet longer than the burst through a full bucket', () => {
    const limiter = new Limiter(action('police', 8e6, 1000), 0);
    expect(limiter.admit(1500, 0)).to.equal(0);
    expect(limiter.admit(100, 599)).to.equal(REFUSED);
    expect(limiter.admit(100, 600)).to.equal(600);
  });

  it('admit() keeps order, rate and bound whatever arrives', () => {
    const arrivals = fc.array(fc.tuple(fc.integer({ min: 40, max: 1500 }), fc.nat(5000)), {
      minLength: 1,
      maxLength: 200,
    });
    fc.assert(
      fc.property(arrivals, fc.integer({ min: 1e5, max: 1e8 }), (packets, rate) => {
        const burst = 3000;
        const limiter = new Limiter(action('shape', rate, burst), 0);
        let now = 0;
        let last = 0;
        let bytes = 0;
        for (const [length, pause] of packets) {
          now += pause;
          const at = limiter.admit(length, now);
          if (at === REFUSED) continue;
          bytes += length;
          expect(at).to.be.at.least(last);
          expect(bytes).to.be.at.most(burst + (at * rate) / 8e6 + 1500);
          expect(at - now).to.be.at.most((SHAPER_QUEUE * 8e6) / rate + 2);
          last = at;
        }
      }),
    );
  });
});
