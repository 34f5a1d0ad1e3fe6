import { expect } from 'chai';
import { analyse } from '../../../src/analysis/analyse.ts';
import { NODES, planNetwork } from '../support/plans.ts';
import { type Family, Tape, impairment } from '../support/tape.ts';

/** A response whose payload is another one from `from` on. */
function changed(tape: Tape, family: Family, after: string): void {
  tape.handshake();
  const common = { forward: false, sequence: 5001, ...(family === 4 ? { ipId: 77 } : {}) };
  tape.pass(60, { ...common, payload: 'HTTP/1.1 200 OK' }, { to: 'middle.outside' });
  tape.pass(80.2, { ...common, payload: after }, { from: 'middle.inside' });
}

describe('detectTampered()', () => {
  for (const [family, after] of [
    [4, 'HTTP/1.1 404 No'],
    [6, 'HTTP/1.1 404 No'],
    [4, 'HTTP/1.1 500 longer than before'],
  ] as const)
    it(`finds the payload ${JSON.stringify(after)} in place of another, over IPv${family}`, () => {
      const tape = new Tape({ family });
      changed(tape, family, after);
      const [verdict] = analyse(tape.evidence(tape.observation({ probe: 'http' })));
      expect(verdict).to.include({ cause: 'tampered', by: 'middle' });
      expect(verdict!.summary).to.match(
        /^payload changed by middle: HTTP response, seq 1, 15 bytes/,
      );
      expect(verdict!.proof.map(({ capture }) => capture)).to.deep.equal([
        'client.inside',
        'middle.inside',
        'middle.outside',
        'server.outside',
      ]);
    });

  for (const family of [4, 6] as const)
    it(`tells a longer request, whose answer is renumbered, from an answer that was forged, over IPv${family}`, () => {
      const tape = new Tape({ family });
      tape.handshake();
      const id = (own: number): { ipId?: number; timestamp?: number } =>
        family === 4 ? { ipId: own } : { timestamp: own };
      const request = { forward: true, sequence: 1001, acknowledgment: 5001, ...id(7) };
      tape.pass(50, { ...request, payload: 'GET / HTTP/1.1' }, { to: 'middle.inside' });
      tape.pass(55, { ...request, payload: 'GET /else HTTP/1.1' }, { from: 'middle.outside' });
      const answer = { forward: false, sequence: 5001, payload: 'HTTP/1.1 200 OK', ...id(77) };
      tape.pass(80, { ...answer, acknowledgment: 1019 }, { to: 'middle.outside' });
      tape.pass(100, { ...answer, acknowledgment: 1015 }, { from: 'middle.inside' });
      const [verdict] = analyse(tape.evidence(tape.observation({ probe: 'http' })));
      expect(verdict).to.include({ cause: 'tampered', by: 'middle' });
      expect(verdict!.summary).to.match(/^payload changed by middle: .*14 bytes/);
    });

  it('does not take what a corrupting link did for tampering', () => {
    const { client, middle, server } = NODES;
    const tape = new Tape({
      plan: {
        networks: [
          planNetwork('inside', [client, middle], { middle: impairment({ corruptRatio: 0.1 }) }),
          planNetwork('outside', [middle, server]),
        ],
      },
    });
    tape.handshake();
    const answer = { forward: false, sequence: 5001, payload: 'abc', ipId: 77 };
    tape.pass(60, answer, { to: 'middle.inside' });
    const flipped = tape.packet({ ...answer, ttl: 63 });
    flipped[flipped.length - 1] = 0xff;
    tape.record('client.inside', 85.1, flipped);
    tape.pass(300, { ...answer, ipId: 78 });
    expect(analyse(tape.evidence(tape.observation()))[0]).to.include({ cause: null });
  });
});
