import { expect } from 'chai';
import { analyse } from '../../../src/analysis/analyse.ts';
import { buildIcmp } from '../../../src/wire/build.ts';
import { NODES } from '../support/plans.ts';
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

  for (const family of [4, 6] as const)
    it(`finds a datagram too big for the next link, over IPv${family}`, () => {
      const middle = {
        ...NODES.middle,
        interfaces: NODES.middle.interfaces.map((one) =>
          one.network === 'outside' ? { ...one, mtu: 1280 } : one,
        ),
      };
      const nodes = [NODES.client, middle, NODES.server];
      const tape = new Tape({ family, protocol: 'udp', plan: { nodes } });
      const big = { forward: true, payload: new Uint8Array(1400), ipId: 3 };
      tape.pass(0, big, { to: 'middle.inside' });
      const [type, code] = family === 4 ? [3, 4] : [2, 0];
      tape.along(5.1, false, { from: 'middle.inside' }, (ttl) => {
        const near = address(family === 4 ? '10.10.1.2' : 'fd00:1::2');
        const spec = { source: near, destination: tape.client, ttl };
        const data = tape.packet(big).subarray(0, 600);
        return buildIcmp(spec, { type, code, id: 0, sequence: 1280, data });
      });
      const seen = tape.observation({ failure: 'generic_timeout_error', operation: 'read' });
      const size = family === 4 ? 1428 : 1448;
      expect(analyse(tape.evidence(seen))[0]).to.include({
        cause: 'unreachable',
        by: 'middle',
        summary: `${size}-byte datagram too big for network outside (MTU 1280), says middle`,
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
