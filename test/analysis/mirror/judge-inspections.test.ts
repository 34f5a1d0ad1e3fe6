import { expect } from 'chai';
import { judgeInspections } from '../../../src/analysis/mirror/judge-inspections.ts';
import type { MirrorFacts } from '../../../src/model/mirror-doctor.ts';
import { DEFAULT_MIRROR } from '../../../src/model/mirror-defaults.ts';
import type { PlanMirror } from '../../../src/model/mirror.ts';

const MIRROR: PlanMirror = {
  ...DEFAULT_MIRROR,
  name: 'shadow',
  online: { node: 'online', addresses: ['10.1.0.2'], port: 9999 },
  target: { node: 'target', addresses: ['10.2.0.2', 'fd00::2'], port: 10_231 },
  assistant: 'assistant',
};
const SOUND: MirrorFacts = {
  ...{ port: 'open', route: 'assistant', neighbour: null, forwards: false, reversePath: null },
  ...{ nat: null, bridgeNetfilter: null, dropsInvalid: null },
};
const of = (address: string, facts: Partial<MirrorFacts>, mirror = 'shadow') => ({
  ...{ mirror, address },
  facts: { ...SOUND, ...facts },
});

describe('analysis/mirror/judge-inspections', () => {
  it('judgeInspections() says once what holds for both addresses of a target', () => {
    const inspections = [
      of('10.2.0.2', { port: 'closed', route: 'none' }),
      of('fd00::2', { port: 'closed', forwards: true }),
    ];
    const [diagnosis] = judgeInspections([MIRROR], inspections);
    expect(diagnosis?.findings.map(({ code }) => code)).to.deep.equal([
      ...['port-closed', 'route-missing', 'assistant-forwards'],
    ]);
  });

  it('judgeInspections() has a diagnosis of each mirror of the plan', () => {
    const other = { ...MIRROR, name: 'other' };
    expect(
      judgeInspections([MIRROR, other], [of('10.2.0.2', { forwards: true }, 'other')]).map(
        ({ mirror, findings }) => [mirror, findings.length],
      ),
    ).to.deep.equal([
      ['shadow', 0],
      ['other', 1],
    ]);
  });
});
