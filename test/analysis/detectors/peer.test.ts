import { expect } from 'chai';
import { analyse } from '../../../src/analysis/analyse.ts';
import { PLACES, type Place } from '../support/plans.ts';
import { EPOCH, Tape } from '../support/tape.ts';

describe('detectRefusedByPeer()', () => {
  for (const family of [4, 6] as const) {
    it(`finds the RST of a closed port in the server's own capture, over IPv${family}`, () => {
      const tape = new Tape({ family });
      tape.pass(0, { forward: true, flags: ['SYN'], sequence: 1000 });
      tape.pass(25.2, { forward: false, flags: ['RST', 'ACK'], acknowledgment: 1001 });
      const seen = tape.observation({ failure: 'connection_refused', operation: 'connect' });
      const [verdict] = analyse(tape.evidence(seen));
      expect(verdict).to.include({
        cause: 'refused-by-peer',
        by: 'server',
        summary: 'port 443 is closed on server',
      });
    });

    it(`finds the ICMP error of a closed UDP port, over IPv${family}`, () => {
      const tape = new Tape({ family, protocol: 'udp' });
      const query = { forward: true, payload: 'query', ipId: 5 };
      tape.pass(0, query);
      const [type, code] = family === 4 ? [3, 3] : [1, 4];
      tape.along(25.3, false, {}, (ttl) =>
        tape.icmp(tape.server, type, code, tape.packet(query), ttl),
      );
      const seen = tape.observation({ failure: 'connection_refused', end: EPOCH + 60_000 });
      const [verdict] = analyse(tape.evidence(seen));
      expect(verdict).to.include({ cause: 'refused-by-peer', by: 'server' });
      expect(verdict!.proof[0]).to.include({ capture: 'server.outside', frame: 2 });
    });
  }
});

describe('detectRefusedByPeer() on a closed UDP port', () => {
  const refused = (captured: readonly Place[], from: Place): string | null => {
    const tape = new Tape({ protocol: 'udp', captured });
    const query = { forward: true, payload: 'query', ipId: 5 };
    tape.pass(0, query);
    tape.along(25.3, false, { from }, (ttl) =>
      tape.icmp(tape.server, 3, 3, tape.packet(query), ttl),
    );
    const seen = tape.observation({ failure: 'connection_refused', end: EPOCH + 60_000 });
    return analyse(tape.evidence(seen))[0]!.cause;
  };

  it('believes the error where the server is not captured', () => {
    expect(refused(['client.inside'], 'server.outside')).to.equal('refused-by-peer');
  });

  it('does not believe an error that the capture of the server lacks', () => {
    expect(refused(PLACES, 'middle.inside')).to.equal('unexplained');
  });
});

describe('detectResetByPeer()', () => {
  it('finds the RST that the server itself sent', () => {
    const tape = new Tape();
    tape.handshake();
    tape.pass(60, { forward: false, flags: ['RST'], sequence: 5001 });
    const [verdict] = analyse(tape.evidence(tape.observation({ failure: 'connection_reset' })));
    expect(verdict).to.include({
      cause: 'reset-by-peer',
      by: 'server',
      summary: 'connection reset by server itself',
    });
  });

  it('takes the RST of a script whose own steps failed for a consequence', () => {
    const tape = new Tape();
    tape.handshake();
    tape.pass(60, { forward: false, flags: ['RST'], sequence: 5001 });
    const judge = (failure: string): string | null => {
      const server = { party: 'server', node: 'server', step: '2', operation: 'read', failure };
      const facts = { start: EPOCH, end: EPOCH + 60_000, received: 0, sent: 0, timings: {} };
      const parties = [{ ...server, ...facts, tuples: [] }];
      const seen = tape.observation({ probe: 'script', failure, parties });
      return analyse(tape.evidence(seen))[0]!.cause;
    };
    expect(judge('unknown_failure: data differs at byte 3')).to.not.equal('reset-by-peer');
    expect(judge('connection_reset')).to.equal('reset-by-peer');
  });

  it('gives way to an injection that made the server reset', () => {
    const tape = new Tape();
    tape.handshake();
    tape.pass(56, { forward: true, flags: ['RST'], sequence: 1001 }, { from: 'middle.outside' });
    tape.pass(60, { forward: true, sequence: 1001, payload: 'more' });
    tape.pass(86, { forward: false, flags: ['RST'], sequence: 5001 });
    const [verdict] = analyse(tape.evidence(tape.observation({ failure: 'connection_reset' })));
    expect(verdict).to.include({ cause: 'injected-rst', by: 'middle' });
  });
});
