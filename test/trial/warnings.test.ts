import type { AgentEvent } from '../../src/model/rpc.ts';
import { expect } from 'chai';
import { containerWarnings, lossWarnings } from '../../src/trial/warnings.ts';

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
