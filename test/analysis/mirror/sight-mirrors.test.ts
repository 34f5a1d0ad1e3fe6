import { expect } from 'chai';
import { sightMirrors } from '../../../src/analysis/mirror/sight-mirrors.ts';
import type { PlanMirror } from '../../../src/model/mirror.ts';
import { DEFAULT_MIRROR } from '../../../src/model/mirror-defaults.ts';
import type { MirrorNews } from '../../../src/model/mirror-record.ts';
import type { AgentEvent } from '../../../src/model/rpc.ts';
import { captureOf } from '../support/mirror-captures.ts';
import { lineOfThree } from '../support/plans.ts';

const MIRROR: PlanMirror = {
  ...DEFAULT_MIRROR,
  name: 'shadow',
  online: { node: 'client', addresses: ['10.1.0.2'], port: 9999 },
  target: { node: 'middle', addresses: ['10.2.0.2'], port: 10_231 },
  assistant: 'server',
};
const [EARLY, LATE] = ['10.9.0.1:40000', '10.9.0.1:40001'];

const opened = (client: string, isWhole: boolean): AgentEvent => {
  const news: MirrorNews = { kind: 'opened', time: 0, copy: 1, client, as: client, isWhole };
  return { kind: 'mirror', node: 'client', mirror: 'shadow', time: 0, news };
};
const toTarget = (from: string, count: number) =>
  Array.from({ length: count }, (_, at) => ({
    ...{ from, to: '10.2.0.2:10231', at, mac: 1, flags: ['ACK'] as const },
  }));

const sight = (mirror: PlanMirror, events: readonly AgentEvent[], count = 2) =>
  sightMirrors({
    plan: lineOfThree({ mirrors: [mirror] }),
    captures: [
      captureOf('client', 'inside', [...toTarget(EARLY, 1), ...toTarget(LATE, count)]),
      captureOf('server', 'outside', []),
    ],
    events,
  });

describe('sightMirrors()', () => {
  it('shows the first session whose beginning was seen, at each of the three', () => {
    const [shown] = sight(MIRROR, [opened(EARLY, false), opened(LATE, true)]);
    expect(shown).to.include({ mirror: 'shadow', client: LATE, as: LATE });
    expect(
      shown!.places.map(({ role, node, isCaptured, packets }) => [
        ...[role, node, isCaptured, packets.map(({ kind }) => kind)],
      ]),
    ).to.deep.equal([
      ['online server', 'client', true, ['copy', 'copy']],
      ['target server', 'middle', false, []],
      ['assistant server', 'server', true, []],
    ]);
  });

  it('shows one of which the middle was seen, where there is no other', () => {
    const [shown] = sight(MIRROR, [opened(EARLY, false)]);
    expect(shown!.client).to.equal(EARLY);
    expect(shown!.places[0]!.packets).to.have.length(1);
  });

  it('shows a target that is its own assistant once', () => {
    const [shown] = sight({ ...MIRROR, assistant: 'middle' }, [opened(LATE, true)]);
    expect(shown!.places.map(({ role }) => role)).to.deep.equal([
      'online server',
      'target server and assistant server',
    ]);
  });

  it('says that there is more than it shows', () => {
    const [exact] = sight(MIRROR, [opened(LATE, true)], 40);
    expect(exact!.places[0]).to.include({ isCut: false });
    const [cut] = sight(MIRROR, [opened(LATE, true)], 41);
    expect(cut!.places[0]).to.include({ isCut: true });
    expect(cut!.places[0]!.packets).to.have.length(40);
  });

  it('has nothing of a mirror without sessions', () => {
    expect(sight(MIRROR, [])).to.deep.equal([]);
    expect(sight({ ...MIRROR, name: 'other' }, [opened(LATE, true)])).to.deep.equal([]);
  });
});
