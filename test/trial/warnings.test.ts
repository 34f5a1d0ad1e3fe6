import type { AgentEvent } from '../../src/model/rpc.ts';
import { type MachineRecord, OWN_CLOCK } from '../../src/model/machine.ts';
import { NODES, planNetwork } from '../analysis/support/plans.ts';
import { expect } from 'chai';
import { impairment } from '../analysis/support/tape.ts';
import { clockWarnings, containerWarnings, lossWarnings } from '../../src/trial/warnings.ts';

describe('lossWarnings()', () => {
  const loss = { kind: 'loss', time: 1, place: 'middle', what: 'frames lost: full' } as const;

  it('sums what was lost by place and kind', () => {
    const events = [
      { ...loss, count: 2, isDeclared: false },
      { ...loss, count: 3, isDeclared: false },
      { ...loss, count: 4, isDeclared: false, place: 'lab' },
    ];
    expect(lossWarnings(events)).to.deep.equal([
      '5 frames lost: full (middle)',
      '4 frames lost: full (lab)',
    ]);
  });

  it('leaves out what the scenario asks for', () => {
    expect(lossWarnings([{ ...loss, count: 2, isDeclared: true }])).to.deep.equal([]);
  });
});

describe('containerWarnings()', () => {
  const exit = (time: number, exitCode: number): AgentEvent => ({
    kind: 'container',
    time,
    node: 'web',
    what: 'exited',
    exitCode,
  });
  const none = { expectations: [] };

  it('tells of what ended badly before the traffic did', () => {
    const short: AgentEvent = { kind: 'container', time: 5, node: 'db', what: 'out-of-memory' };
    const events = [exit(1, 0), exit(2, 3), short, exit(9, 137)];
    expect(containerWarnings(none, { events, trafficEnded: 8 })).to.deep.equal([
      'Container "web" ended with exit code 3 before the traffic did',
      'Container "db" ran out of memory: the kernel killed a process of it',
    ]);
  });

  it('tells of no end that the scenario expects', () => {
    const wish = { kind: 'container', id: 'e1', container: 'web', exitCode: 3 } as const;
    const events = [exit(2, 3)];
    expect(
      containerWarnings({ expectations: [wish] }, { events, trafficEnded: null }),
    ).to.deep.equal([]);
    expect(
      containerWarnings({ expectations: [{ ...wish, exitCode: 4 }] }, { events, trafficEnded: 8 }),
    ).to.have.length(1);
  });
});

describe('clockWarnings()', () => {
  const known = (error: number): MachineRecord => ({
    name: 'edge',
    reached: 'edge',
    kernel: '',
    agent: '',
    node: '',
    underlay: null,
    clock: { ...OWN_CLOCK, error, samples: 9 },
  });
  const members = [NODES.client, NODES.middle];
  const network = planNetwork('inside', members, { client: impairment({ delay: 0.5 }) });

  it('warns of an error above a millisecond', () => {
    expect(clockWarnings([known(1000)], { networks: [] })).to.deep.equal([]);
    expect(clockWarnings([known(1234)], { networks: [] })).to.deep.equal([
      'The clock of machine "edge" is known only to ± 1.24 ms: delays across machines are as uncertain',
    ]);
  });

  it('warns of a machine that was never asked', () => {
    const machine = known(9e15);
    const clock = { ...machine.clock, samples: 0 };
    expect(clockWarnings([{ ...machine, clock }], { networks: [] })).to.deep.equal([
      'The clock of machine "edge" is not known: its times are not corrected',
    ]);
  });

  it('warns of one above half of the smallest delay', () => {
    expect(clockWarnings([known(250)], { networks: [network] })).to.deep.equal([]);
    expect(clockWarnings([known(300)], { networks: [network] })).to.deep.equal([
      'The clock of machine "edge" is known only to ± 0.3 ms: more than half of the smallest delay, 0.50 ms',
    ]);
  });
});
