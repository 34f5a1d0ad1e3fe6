import { expect } from 'chai';
import fc from 'fast-check';
import { analyse } from '../../src/analysis/analyse.ts';
import type { Observation } from '../../src/model/observation.ts';
import type { Verdict } from '../../src/model/verdict.ts';
import { NODES, planFlow } from './support/plans.ts';
import { EPOCH, Tape } from './support/tape.ts';

describe('analyse()', () => {
  it('gives a verdict for each flow, in the order of the plan', () => {
    const background = planFlow('background', {
      kind: 'run',
      argv: ['true'],
      environment: {},
      timeout: 1,
      background: true,
    });
    const tape = new Tape({ plan: { flows: [planFlow('b'), planFlow('a'), background] } });
    tape.handshake();
    const seen = tape.observation({ flow: 'a', timings: { tls_handshake: 76.04 } });
    const verdicts = analyse(tape.evidence(seen));
    expect(verdicts.map(({ flow, failure, summary }) => [flow, failure, summary])).to.deep.equal([
      ['b', 'interrupted', 'never ran'],
      ['a', null, 'TLS handshake in 76.0 ms'],
      ['background', null, 'ran in the background'],
    ]);
  });

  it('lets the first failed attempt speak, and counts', () => {
    const tape = new Tape();
    tape.handshake();
    const verdicts = analyse(
      tape.evidence(
        tape.observation({
          attempt: 2,
          failure: 'eof_error',
          start: EPOCH + 5e6,
          end: EPOCH + 6e6,
        }),
        tape.observation(),
        tape.observation({ attempt: 3, start: EPOCH + 8e6, end: EPOCH + 9e6 }),
      ),
    );
    expect(verdicts[0]).to.include({ failure: 'eof_error', attempts: 3, failedAttempts: 1 });
  });

  it('keeps attempts apart that use the same ports', () => {
    const tape = new Tape();
    tape.handshake();
    tape.pass(60, { forward: false, flags: ['RST'], sequence: 5001 }, { from: 'middle.inside' });
    tape.handshake(1000);
    const first = tape.observation({ failure: 'connection_reset', end: EPOCH + 70_000 });
    const second = tape.observation({ attempt: 2, start: EPOCH + 999_000, end: EPOCH + 1_100_000 });
    const [verdict] = analyse(tape.evidence(first, second));
    expect(verdict).to.include({ cause: 'injected-rst', failedAttempts: 1 });
    expect(analyse(tape.evidence(second))[0]).to.include({ cause: null });
  });

  it('gives what was under way when a port was used again to the use that sent it', () => {
    const tape = new Tape();
    tape.handshake();
    const goodbye = { forward: true, sequence: 1001, payload: 'goodbye' };
    tape.pass(990, goodbye);
    tape.pass(991, { forward: true, flags: ['RST', 'ACK'], sequence: 1008 });
    const syn = { forward: true, flags: ['SYN'], sequence: 7000 } as const;
    tape.pass(1000, syn, { to: 'middle.inside' });
    const first = { end: EPOCH + 992_000 };
    const again = { attempt: 2, start: EPOCH + 999_000, end: EPOCH + 2_000_000 };
    const verdictOf = (one: Partial<Observation>, other: Partial<Observation>): Verdict =>
      analyse(tape.evidence(tape.observation(one), tape.observation(other)))[0]!;
    const failure = 'generic_timeout_error';
    const second = verdictOf(first, { ...again, failure });
    expect(second).to.include({ cause: 'dropped', by: 'middle' });
    expect(second.signals.map(({ kind }) => kind)).to.not.include('injected-rst');
    expect(verdictOf({ ...first, failure }, again)).to.include({ cause: 'unexplained' });
  });

  it('finds a connection by its target when the attempt could not tell its ports', () => {
    const tape = new Tape();
    tape.pass(0, { forward: true, flags: ['SYN'], sequence: 1 }, { to: 'middle.inside' });
    const { fiveTuple, ...seen } = tape.observation({ failure: 'generic_timeout_error' });
    const [verdict] = analyse(tape.evidence(seen));
    expect(verdict).to.include({ cause: 'dropped', by: 'middle' });
    expect(verdict!.fiveTuple).to.deep.equal(fiveTuple);
  });

  const nat = [{ interface: 'middle-outside', masquerade: true as const }];
  const nodes = [NODES.client, { ...NODES.middle, nat }, NODES.server];
  const translating = { 'behind NAT': { nodes }, 'through tunnels': { tunnels: [] } };
  for (const [where, plan] of Object.entries(translating))
    it(`follows a connection ${where}`, () => {
      const tape = new Tape({ plan });
      const syn = { forward: true, flags: ['SYN'], sequence: 1000, ipId: 7 } as const;
      const answer = {
        forward: false,
        flags: ['RST', 'ACK'],
        acknowledgment: 1001,
        ipId: 0,
      } as const;
      tape.pass(0, syn, { to: 'middle.inside' });
      tape.pass(50, answer, { from: 'middle.inside' });
      // The same packets from and to the outer address and another port.
      const outside = new Tape({ plan, sourcePort: 61_000 });
      Object.defineProperty(outside, 'client', {
        value: { family: 4, bytes: Uint8Array.of(10, 10, 2, 1) },
      });
      for (const [place, at] of [
        ['middle.outside', 5.1],
        ['server.outside', 25.1],
      ] as const) {
        tape.record(place, at, outside.packet(syn));
        tape.record(place, 50 - (at - 5), outside.packet(answer));
      }
      const seen = tape.observation({ failure: 'connection_refused', end: EPOCH + 60_000 });
      expect(analyse(tape.evidence(seen))[0]).to.include({
        cause: 'refused-by-peer',
        by: 'server',
      });
    });

  it('follows a connection behind NAT although a forger sent beyond it from the address within', () => {
    const nat = [{ interface: 'middle-outside', masquerade: true as const }];
    const nodes = [NODES.client, { ...NODES.middle, nat }, NODES.server];
    const tape = new Tape({ plan: { nodes } });
    const outside = new Tape({ plan: { nodes } });
    Object.defineProperty(outside, 'client', {
      value: { family: 4, bytes: Uint8Array.of(10, 10, 2, 1) },
    });
    const syn = { forward: true, flags: ['SYN'], sequence: 1000, ipId: 7 } as const;
    tape.pass(0, syn, { to: 'middle.inside' });
    const forged = { forward: true, flags: ['RST'], sequence: 1001, ipId: 8 } as const;
    for (const [place, at] of [
      ['middle.outside', 5.1],
      ['server.outside', 25.1],
    ] as const) {
      tape.record(place, at, outside.packet(syn));
      tape.record(place, at + 1, tape.packet(forged));
    }
    const refusal = {
      forward: false,
      flags: ['RST', 'ACK'],
      acknowledgment: 1001,
      ipId: 9,
    } as const;
    tape.pass(30, refusal, { from: 'middle.inside' });
    const seen = tape.observation({ failure: 'connection_reset', end: EPOCH + 60_000 });
    const [verdict] = analyse(tape.evidence(seen));
    expect(verdict).to.include({ cause: 'injected-rst', by: 'middle' });
    expect(verdict?.signals.map(({ kind, side, by }) => [kind, side, by])).to.deep.equal([
      ['injected-rst', 'client', 'middle'],
      ['injected-rst', 'server', 'middle'],
    ]);
  });

  it('says what censors changed', () => {
    const censored = new Tape();
    censored.pass(0, { forward: true, flags: ['SYN'], sequence: 1 }, { to: 'middle.inside' });
    const free = new Tape();
    free.handshake();
    const [verdict] = analyse(
      censored.evidence(censored.observation({ failure: 'generic_timeout_error' })),
      free.evidence(free.observation()),
    );
    expect(verdict!.control).to.include({
      failure: null,
      changed: 'generic_timeout_error instead of ok',
    });
  });

  it('does not explain a failure by what came after it', () => {
    const tape = new Tape();
    tape.handshake();
    tape.pass(600, { forward: false, flags: ['RST'], sequence: 5001 }, { from: 'middle.inside' });
    const seen = tape.observation({ failure: 'eof_error', end: EPOCH + 500_000 });
    expect(analyse(tape.evidence(seen))[0]).to.include({ cause: 'unexplained' });
  });

  it('calls an answer of the server itself no interference', () => {
    const tape = new Tape({ protocol: 'udp' });
    tape.pass(0, { forward: true, payload: new Uint8Array(20) });
    tape.pass(30, { forward: false, payload: new Uint8Array(20) });
    const seen = tape.observation({ failure: 'dns_nxdomain_error', end: EPOCH + 60_000 });
    expect(analyse(tape.evidence(seen))[0]).to.include({
      cause: null,
      summary: 'server itself answered so',
    });
  });

  it('never throws on captures of random bytes, cut off anywhere', () => {
    const tape = new Tape();
    tape.handshake();
    tape.pass(60, { forward: false, sequence: 5001, payload: 'HTTP/1.1 200 OK' });
    const evidence = tape.evidence(tape.observation({ failure: 'connection_reset' }));
    fc.assert(
      fc.property(fc.nat(400), fc.nat(400), fc.nat(255), (cut, at, value) => {
        const captures = evidence.captures.map((capture) => {
          const bytes = capture.bytes.slice(0, Math.max(24, capture.bytes.length - cut));
          bytes[24 + (at % Math.max(1, bytes.length - 24))] = value;
          return { ...capture, bytes };
        });
        expect(analyse({ ...evidence, captures })).to.have.length(1);
      }),
    );
  });
});
