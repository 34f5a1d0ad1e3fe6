import { expect } from 'chai';
import { analyse } from '../../../src/analysis/analyse.ts';
import { Tape, address } from '../support/tape.ts';

describe('detectUnreachable()', () => {
  it('names the router that says so', () => {
    const tape = new Tape();
    const syn = { forward: true, flags: ['SYN'], sequence: 1000, ipId: 3 } as const;
    tape.pass(0, syn, { to: 'middle.inside' });
    tape.along(5.1, false, { from: 'middle.inside' }, (ttl) =>
      tape.icmp(address('10.10.1.2'), 3, 1, tape.packet(syn), ttl),
    );
    const seen = tape.observation({ failure: 'host_unreachable', operation: 'connect' });
    const [verdict] = analyse(tape.evidence(seen));
    expect(verdict).to.include({
      cause: 'unreachable',
      by: 'middle',
      summary: 'middle says that 10.10.2.2 cannot be reached',
    });
  });

  it('finds that the client sent nothing', () => {
    const tape = new Tape();
    const seen = tape.observation({ failure: 'network_unreachable', operation: 'connect' });
    const [verdict] = analyse(tape.evidence(seen));
    expect(verdict).to.include({
      cause: 'unreachable',
      summary: 'client found no way to 10.10.2.2 and sent nothing',
    });
    expect(verdict!.proof).to.deep.equal([
      { capture: 'client.inside', frame: null, note: 'nothing left client' },
    ]);
  });
});
