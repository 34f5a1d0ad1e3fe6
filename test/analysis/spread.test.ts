// Captures of one machine are shifted as if the nodes were on three machines with clocks of their own: the verdicts stay.
import { CORE, EDGE, type Wrong, recordOf, spread } from './support/spread.ts';
import { EPOCH, Tape, type TapeOptions } from './support/tape.ts';
import type { ArmEvidence } from '../../src/analysis/evidence.ts';
import { alignFlow } from '../../src/analysis/align.ts';
import { analyse } from '../../src/analysis/analyse.ts';
import { clockAt } from '../../src/model/clocks.ts';
import { expect } from 'chai';
import fc from 'fast-check';
import { indexCapture } from '../../src/analysis/capture-index.ts';
import { skewOf } from '../../src/analysis/skew.ts';

const ENDS: TapeOptions = { captured: ['client.inside', 'server.outside'] };

/** A censor in the middle answers a request with a reset. */
function reset(): ArmEvidence {
  const tape = new Tape();
  tape.handshake();
  tape.pass(60, { forward: true, sequence: 1001, payload: 'hello' }, { to: 'middle.inside' });
  const forged = { forward: false, flags: ['RST'], sequence: 5001, ipId: 0 } as const;
  tape.pass(65.1, forged, { from: 'middle.inside' });
  return tape.evidence(
    tape.observation({ failure: 'connection_reset', end: EPOCH + 70_150, operation: 'read' }),
  );
}

/** Two queries and answers that take the middle so long, milliseconds. */
function held(stay: number, options: TapeOptions = ENDS): ArmEvidence {
  const tape = new Tape({ protocol: 'udp', destinationPort: 9, ...options });
  for (const index of [0, 1]) {
    const query = { forward: true, payload: `query ${index}`, ipId: index + 1 };
    tape.pass(index * 500, query, { to: 'middle.inside' });
    tape.pass(index * 500 + 5 + stay, query, { from: 'middle.outside' });
  }
  return tape.evidence(tape.observation({ probe: 'udp' }));
}

/** A query that arrives with another payload, almost before it left. */
function changed(): ArmEvidence {
  const tape = new Tape({ protocol: 'udp', destinationPort: 9, ...ENDS });
  const query = { forward: true, ipId: 7 };
  tape.record('client.inside', 10, tape.packet({ ...query, payload: 'before' }));
  tape.record('server.outside', 10.02, tape.packet({ ...query, payload: 'behind' }));
  return tape.evidence(tape.observation({ probe: 'udp', failure: 'generic_timeout_error' }));
}

/** Every trajectory of the flow: by capture, frame and time. */
function trajectories(evidence: ArmEvidence): (readonly [string, number, number])[][] {
  const { plan, clocks = {}, captures, events, observations } = evidence;
  const [observation] = observations;
  if (!observation?.fiveTuple) return expect.fail('no observation');
  const indexes = captures.map((file) => indexCapture(file, clockAt(clocks, plan, file.node)));
  const connection = { tuple: observation.fiveTuple, window: { from: 0, to: Infinity } };
  const skew = skewOf(plan, clocks);
  const flow = alignFlow(plan, indexes, events, observation, connection, skew);
  return [flow.forward, flow.reverse].flatMap((direction) =>
    direction.trajectories.map(({ sightings }) =>
      sightings.flatMap((packet, index) => {
        const { capture = '' } = direction.points[index] ?? {};
        return packet ? [[capture, packet.frame, packet.time] as const] : [];
      }),
    ),
  );
}

const wrong: fc.Arbitrary<Wrong> = fc
  .record({
    ahead: fc.integer({ min: -1e12, max: 1e12 }),
    drift: fc.integer({ min: -400, max: 400 }),
    error: fc.integer({ min: 2, max: 900 }),
    part: fc.double({ min: -1, max: 1, noNaN: true }),
  })
  .map(({ ahead, drift, error, part }) => ({ ahead, drift, error, miss: part * (error - 2) }));

describe('evidence of several machines', () => {
  it('gives the same verdict, with the same packets as its proof', () => {
    expect(analyse(spread(reset()))).to.deep.equal(analyse(reset()));
  });

  it('gives the same packets in the same order, and delays within the error', () => {
    fc.assert(
      fc.property(wrong, wrong, (edge, core) => {
        const plain = trajectories(reset());
        const found = trajectories(spread(reset(), edge, core));
        const names = (paths: typeof found): unknown =>
          paths.map((path) => path.map(([capture, frame]) => `${capture} ${frame}`));
        expect(names(found)).to.deep.equal(names(plain));
        for (const [index, path] of found.entries())
          for (const [at, [capture, , time]] of path.entries()) {
            const truth = plain[index]?.[at]?.[2] ?? 0;
            const error = capture.startsWith('middle') ? edge.error : core.error;
            expect(time).to.be.closeTo(truth, capture.startsWith('client') ? 0 : error);
          }
      }),
    );
  });

  it('gives the same verdict whatever the clocks say, within their error', () => {
    const plain = analyse(reset());
    fc.assert(
      fc.property(wrong, wrong, (edge, core) => {
        expect(analyse(spread(reset(), edge, core))).to.deep.equal(plain);
      }),
    );
  });

  it('tells a delay across machines with its error', () => {
    const [plain] = analyse(held(120));
    const [verdict] = analyse(spread(held(120)));
    expect(plain).to.include({ cause: 'delayed', summary: 'packets held for 145 ms by middle' });
    expect(verdict).to.include({
      cause: 'delayed',
      summary: 'packets held for 145 ms ± 0.08 ms by middle',
    });
    expect(verdict?.proof[0]?.note).to.equal('held for 145 ms ± 0.08 ms');
  });

  it('tells one between captures of one machine without', () => {
    const [verdict] = analyse(spread(held(120, {})));
    expect(verdict).to.include({ summary: 'packets held for 120 ms by middle' });
  });

  it('claims no delay that the clocks may have made', () => {
    const core = { ...CORE, error: 20_000 };
    expect(analyse(spread(held(50), EDGE, core))[0]).to.include({ cause: 'delayed' });
    expect(analyse(spread(held(40), EDGE, core))[0]).to.include({ cause: null });
  });

  it('knows a changed packet that seems to arrive before it left', () => {
    const [plain] = analyse(changed());
    expect(plain).to.include({ cause: 'tampered', by: 'middle' });
    expect(analyse(spread(changed()))).to.deep.equal([plain]);
    const sure = { ...CORE, error: 10 };
    expect(analyse(spread(changed(), EDGE, sure))[0]).to.include({ cause: 'injected-data' });
  });

  it('finds the first packet of an attempt that reuses a port, though its clock says earlier', () => {
    const tape = new Tape();
    tape.handshake();
    tape.pass(60, { forward: false, flags: ['RST'], sequence: 5001 }, { from: 'middle.inside' });
    tape.handshake(1000);
    const first = tape.observation({ failure: 'connection_reset', end: EPOCH + 70_000 });
    const again = { attempt: 2, start: EPOCH + 999_990, end: EPOCH + 1_100_000 };
    const evidence = tape.evidence(first, tape.observation(again));
    const late = { ...EDGE, miss: -6000, error: 6001 };
    expect(analyse(spread(evidence, late))[0]).to.include({
      cause: 'injected-rst',
      failedAttempts: 1,
    });
    const second = spread(tape.evidence(tape.observation(again)), late);
    expect(analyse(second)[0]).to.include({ cause: null });
  });

  it('corrects by the record of each machine', () => {
    expect(recordOf(EDGE).offset).to.equal(3_700_120);
  });
});
