import type { CopySpec } from '../../src/model/container.ts';
import type { Flow } from '../../src/model/traffic.ts';
import { containerPlan } from './container-plan.ts';
import { expect } from 'chai';
import { flowsToCopyAfter } from '../../src/trial/copies.ts';

const after = (flow: string): CopySpec => ({
  direction: 'out',
  from: '/a',
  to: 'a',
  at: { when: 'after', flow },
});
const flow = (name: string, background: boolean): Flow => ({
  name,
  from: 'web',
  schedule: { at: 0, after: [], repeat: 1, pace: null, for: null, concurrency: 1 },
  probe: { kind: 'run', argv: ['true'], environment: {}, timeout: 1000, background },
});

describe('flowsToCopyAfter()', () => {
  it('sets those apart that end only when the traffic is stopped', () => {
    const plan = containerPlan([
      { name: 'web', copies: [after('get'), { ...after('get'), at: { when: 'end' } }] },
      { name: 'db', copies: [after('watch'), after('get')] },
    ]);
    const flows = [flow('get', false), flow('watch', true), flow('other', false)];
    expect(flowsToCopyAfter({ ...plan, flows })).to.deep.equal({
      atEnd: ['get'],
      atStop: ['watch'],
    });
  });
});
