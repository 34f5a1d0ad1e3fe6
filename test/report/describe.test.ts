import {
  describeClock,
  describeContainer,
  describeExpectation,
  describeMachine,
  describeProof,
  describeResult,
} from '../../src/report/describe.ts';
import { type MachineRecord, OWN_CLOCK } from '../../src/model/machine.ts';
import { REPORT } from './fixture.ts';
import { expect } from 'chai';

const [forbidden] = REPORT.verdicts;

describe('describeResult()', () => {
  it('says how many of several attempts failed', () => {
    expect(describeResult({ ...forbidden!, attempts: 10, failedAttempts: 2 })).to.equal(
      'connection_reset (2 of 10)',
    );
  });
});

describe('describeProof()', () => {
  it('names the packet seen and the one that is not there', () => {
    expect(describeProof(forbidden!)).to.equal('client.inside #9: no such packet left server');
  });

  it('shows the note of a proof without counterpart', () => {
    const proof = [{ capture: 'client.inside', frame: null, note: 'no answer came' }];
    expect(describeProof({ ...forbidden!, proof })).to.equal('client.inside: no answer came');
  });

  it('is empty when there is a cause without proof', () => {
    expect(describeProof({ ...forbidden!, proof: [] })).to.equal('');
  });
});

describe('describeExpectation()', () => {
  it('says a wish for success and for no cause', () => {
    const wish = { kind: 'flow', id: 'e', flow: 'a', failure: null, cause: null } as const;
    expect(describeExpectation(wish)).to.equal('flow a: failure none, cause none');
  });

  it('says wishes for stage, outcome, signature and signals', () => {
    const wish = { kind: 'flow', id: 'e', flow: 'a', stage: 'tls', outcome: 'tcp.reset' } as const;
    const signals = ['injected-rst', 'silent-drop'];
    expect(describeExpectation({ ...wish, signature: null, signals })).to.equal(
      'flow a: stage tls, outcome tcp.reset, signature none, signal injected-rst silent-drop',
    );
  });

  it('says capture and metric wishes as the file has them', () => {
    const count = { min: 1, max: null, text: '>=1' };
    const capture = { kind: 'capture', id: 'e', files: [], node: 'client', filter: 'tcp', count };
    const metric = { kind: 'metric', id: 'e', metric: 'rtt.p50', of: 'a', within: count };
    expect(describeExpectation({ ...capture, kind: 'capture' })).to.equal(
      'capture client: >=1 packets of "tcp"',
    );
    expect(describeExpectation({ ...metric, kind: 'metric', metric: 'rtt.p50' })).to.equal(
      'rtt.p50 of a: within >=1',
    );
  });
});

describe('describeExpectation() of a container', () => {
  it('says each wish', () => {
    const wish = { kind: 'container', id: 'e', container: 'web' } as const;
    expect(
      describeExpectation({ ...wish, state: 'exited', exitCode: 0, oomKilled: false }),
    ).to.equal('container web: exited, exit code 0, not out of memory');
  });
});

describe('describeContainer()', () => {
  const base = { node: 'web', id: 'f', readyAfter: 1, files: [] };
  for (const [state, exitCode, oomKilled, said] of [
    ['running', null, false, null],
    ['exited', 0, false, null],
    ['exited', 3, false, 'ended with exit code 3'],
    ['exited', 137, true, 'the kernel killed a process of it that wanted more memory than it may'],
  ] as const)
    it(`says ${said === null ? 'nothing' : `"${said}"`} of one ${state} with ${exitCode}`, () => {
      expect(describeContainer({ ...base, state, exitCode, oomKilled })).to.equal(said);
    });
});

const edge: MachineRecord = {
  name: 'edge',
  reached: 'lab@edge.example.org:22',
  kernel: 'Linux 6.1.0',
  agent: '0.1.0',
  node: 'v20.20.2',
  underlay: null,
  clock: { offset: 1200, at: 0, drift: 0, error: 91, samples: 40 },
};

describe('describeMachine()', () => {
  it('names machine, way, kernel and clock', () => {
    expect(describeMachine(edge)).to.equal(
      'edge: lab@edge.example.org:22, Linux 6.1.0, clock +1.20 ms ± 0.1 ms',
    );
  });

  it('tells a drift where there is one', () => {
    const clock = { ...edge.clock, drift: -12.46 };
    expect(describeMachine({ ...edge, clock })).to.match(/, drift -12\.5 ppm$/);
  });
});

describe('describeClock()', () => {
  it('tells a machine that was never asked from one that is right', () => {
    expect(describeClock({ ...OWN_CLOCK, error: Number.MAX_SAFE_INTEGER })).to.equal('unknown');
    expect(describeClock({ ...OWN_CLOCK, offset: -50, error: 60, samples: 1 })).to.equal(
      '-0.05 ms ± 0.06 ms',
    );
  });
});
