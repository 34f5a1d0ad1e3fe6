import { expect } from 'chai';
import { analyse } from '../../../src/analysis/analyse.ts';
import { emitDns } from '../../../src/wire/dns.ts';
import { EPOCH, type Family, Tape } from '../support/tape.ts';

function message(id: number, answer: string | null): Uint8Array {
  const question = { name: 'blocked.example', type: 1, class: 1 };
  const record = { name: 'blocked.example', type: 1, class: 1, ttl: 60, value: answer ?? '' };
  const emitted = emitDns({
    id,
    isResponse: answer !== null,
    opcode: 0,
    authoritative: false,
    truncated: false,
    recursionDesired: true,
    recursionAvailable: false,
    rcode: 0,
    questions: [question],
    answers: answer === null ? [] : [record],
    authorities: [],
    additionals: [],
  });
  if (!emitted.ok) throw new Error(emitted.error);
  return emitted.value;
}

/** A query, its real answer (at 60 ms, arriving at 85.1 ms) and a forged one made by the middle at `forgedAt`. */
function raced(family: Family, forgedAt: number): Tape {
  const tape = new Tape({ family, protocol: 'udp' });
  tape.pass(0, { forward: true, payload: message(7, null) });
  tape.pass(60, { forward: false, payload: message(7, '10.10.2.80') });
  tape.pass(
    forgedAt,
    { forward: false, ipId: 0, payload: message(7, '10.9.9.9') },
    { from: 'middle.inside' },
  );
  return tape;
}

describe('detectInjectedDns()', () => {
  for (const family of [4, 6] as const) {
    it(`finds the forged answer that came first, over IPv${family}`, () => {
      const tape = raced(family, 10);
      const seen = tape.observation({ answers: ['10.9.9.9'], end: EPOCH + 20_000 });
      const [verdict] = analyse(tape.evidence(seen));
      expect(verdict).to.include({
        failure: null,
        cause: 'injected-dns',
        by: 'middle',
        summary: 'DNS answer 10.9.9.9 injected by middle',
      });
      expect(verdict!.proof[0]).to.include({ capture: 'client.inside', frame: 2 });
      expect(verdict!.proof).to.deep.include({
        capture: 'server.outside',
        frame: null,
        note: 'no such packet left server',
      });
    });

    it(`says when the forged answer lost the race, over IPv${family}`, () => {
      const tape = raced(family, 90);
      const [verdict] = analyse(tape.evidence(tape.observation({ answers: ['10.10.2.80'] })));
      expect(verdict).to.include({
        cause: 'injected-dns',
        summary: 'DNS answer 10.9.9.9 injected by middle, after the real one',
      });
    });
  }

  it('explains an answer that the probe refused', () => {
    const tape = raced(4, 10);
    const failure = { failure: 'dns_bogon_error', operation: 'resolve', end: EPOCH + 20_000 };
    const [verdict] = analyse(tape.evidence(tape.observation(failure)));
    expect(verdict).to.include({ failure: 'dns_bogon_error', cause: 'injected-dns' });
  });

  it('finds nothing in an undisturbed answer', () => {
    const tape = new Tape({ protocol: 'udp' });
    tape.pass(0, { forward: true, payload: message(7, null) });
    tape.pass(60, { forward: false, payload: message(7, '10.10.2.80') });
    const seen = tape.observation({ answers: ['10.10.2.80'], timings: { response: 85.1 } });
    const [verdict] = analyse(tape.evidence(seen));
    expect(verdict).to.include({ cause: null, summary: 'DNS answer 10.10.2.80 in 85.1 ms' });
    expect(verdict!.metrics.rtt).to.be.closeTo(85.1, 0.01);
  });
});
