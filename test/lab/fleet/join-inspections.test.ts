import { expect } from 'chai';
import { joinInspections } from '../../../src/lab/fleet/join-inspections.ts';
import type { MirrorFacts } from '../../../src/model/mirror-doctor.ts';

const NOTHING: MirrorFacts = {
  ...{ port: null, route: null, neighbour: null, forwards: null, reversePath: null },
  ...{ nat: null, bridgeNetfilter: null, dropsInvalid: null },
};
const of = (facts: Partial<MirrorFacts>, address = '10.0.0.1') => ({
  ...{ mirror: 'shadow', address },
  facts: { ...NOTHING, ...facts },
});

describe('lab/fleet/join-inspections', () => {
  it('joinInspections() takes each fact from the agent that knows it', () => {
    expect(
      joinInspections([of({ port: 'open' }), of({ route: 'assistant', forwards: false })]),
    ).to.deep.equal([of({ port: 'open', route: 'assistant', forwards: false })]);
  });

  it('joinInspections() keeps addresses apart', () => {
    const two = [of({ port: 'open' }), of({ port: 'closed' }, 'fd00::1')];
    expect(joinInspections(two)).to.deep.equal(two);
  });
});
