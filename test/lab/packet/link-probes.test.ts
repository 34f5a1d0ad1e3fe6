import { expect } from 'chai';
import type { LinkMeasurement } from '../../../src/model/rpc.ts';
import { runExperiment } from '../kernel/unshared.ts';

describe('agent/packet/measure/link-probes and lab/fleet/measure-across', function () {
  this.timeout(60_000);
  let found: { links: LinkMeasurement[]; unheard: string };
  before(async () => {
    found = (await runExperiment('../packet/across.experiment.ts')) as typeof found;
  });

  it('measureAcross() takes the directions whose ends are on two machines', () =>
    expect(found.links.map(({ from, to }) => `${from} → ${to}`)).to.deep.equal(['b → c', 'c → a']));

  it('measureAcross() corrects the times of either end and says how wrong that may be', () => {
    const [there, back] = found.links;
    // Both machines are one here: what the far clock is said to be wrong by shows in the delays.
    expect(there?.delay).to.be.within(23, 30);
    expect(back?.delay).to.be.within(17, 24);
    expect(found.links.map(({ error }) => error)).to.deep.equal([4, 4]);
  });

  it('measureAcross() widens the tolerance by the error: 3 ms off is within it', () =>
    expect(found.links.flatMap(({ misses }) => misses).join()).to.not.contain('delay'));

  it('measureAcross() finds loss and rate', () => {
    for (const { lossRatio, rate } of found.links) {
      expect(lossRatio).to.be.within(0.02, 0.25);
      expect(rate).to.be.within(10e6, 75e6);
    }
  });

  it('send() refuses a link whose beginning is on another machine', () =>
    expect(found.unheard).to.contain('Node "a" is no member of network "lan" on this machine'));
});
