import { expect } from 'chai';
import { analyse } from '../../src/analysis/analyse.ts';
import type { Observation } from '../../src/model/observation.ts';
import type { Flow } from '../../src/model/traffic.ts';
import { planFlow } from './support/plans.ts';
import { EPOCH, Tape } from './support/tape.ts';

const program = (name: string, background = false): Flow =>
  planFlow(name, { kind: 'run', argv: ['curl'], environment: {}, timeout: 1000, background });

const attempt = (flow: string, changes: Partial<Observation> = {}): Observation => ({
  flow,
  attempt: 1,
  node: 'client',
  probe: 'run',
  failure: null,
  operation: null,
  start: EPOCH,
  end: EPOCH + 1_000_000,
  timings: {},
  received: 0,
  exitCode: 0,
  ...changes,
});

const failed = { failure: 'unknown_failure: exit code 35', exitCode: 35 };

/** A connection that the censor resets, begun 1 ms after the tape. */
function resetTape(...flows: Flow[]): Tape {
  const tape = new Tape({ plan: { flows } });
  tape.handshake(1);
  tape.pass(60, { forward: false, flags: ['RST'], sequence: 5001 }, { from: 'middle.inside' });
  return tape;
}

describe('beginningsOf()', () => {
  it('gives a program that ran alone what its node began', () => {
    const tape = resetTape(program('curl'));
    const [verdict] = analyse(tape.evidence(attempt('curl', failed)));
    expect(verdict).to.include({ cause: 'injected-rst', by: 'middle' });
  });

  it('gives nothing to programs that ran at once, and tells those that failed', () => {
    const tape = resetTape(program('a'), program('b'));
    const seen = [attempt('a'), attempt('b', failed)];
    const [good, bad] = analyse(tape.evidence(...seen));
    expect(good).to.include({ cause: null, fiveTuple: null });
    expect(bad).to.include({
      cause: 'unexplained',
      summary: 'exit code 35; 2 programs of client ran at once, so packets cannot be told apart',
    });
  });

  it('counts a program in the background', () => {
    const tape = resetTape(program('curl'), program('server', true));
    const [verdict] = analyse(tape.evidence(attempt('curl', failed)));
    expect(verdict).to.include({ cause: 'unexplained', fiveTuple: null });
  });

  it('leaves alone what began before the program, what a probe used and what others began', () => {
    const tape = resetTape(program('curl'), planFlow('probe'));
    const none = { cause: null, summary: 'exit code 35', fiveTuple: null };
    const late = attempt('curl', { ...failed, start: EPOCH + 2000 });
    const probe = tape.observation({ flow: 'probe' });
    const onServer = attempt('curl', { ...failed, node: 'server' });
    expect(analyse(tape.evidence(late))[0]).to.deep.include(none);
    expect(analyse(tape.evidence(attempt('curl', failed), probe))[0]).to.deep.include(none);
    expect(analyse(tape.evidence(onServer))[0]).to.deep.include(none);
  });

  it('lets a closed port explain the exit code, and gives no goodput without bytes', () => {
    const tape = new Tape({ plan: { flows: [program('curl')] } });
    tape.pass(1, { forward: true, flags: ['SYN'], sequence: 1000 });
    tape.pass(30, { forward: false, flags: ['RST', 'ACK'], acknowledgment: 1001 });
    const [verdict] = analyse(tape.evidence(attempt('curl', failed)));
    expect(verdict).to.include({ cause: 'refused-by-peer', by: 'server' });
    expect(verdict!.metrics).to.include({ goodput: null, received: 0 });
  });
});
