import { expect } from 'chai';
import { analyse } from '../../../src/analysis/analyse.ts';
import { mergeSignals } from '../../../src/analysis/signals/find-signals.ts';
import type { Signal } from '../../../src/model/verdict.ts';
import { EPOCH, Tape } from '../support/tape.ts';

const signal = (detail: string, changes: Partial<Signal> = {}): Signal => ({
  kind: 'injected-rst',
  side: 'client',
  detail,
  proof: [],
  ...changes,
});

describe('mergeSignals()', () => {
  it('keeps one of each kind towards each side', () => {
    const kept = mergeSignals([
      signal('first'),
      signal('second'),
      signal('towards the server', { side: 'server' }),
      signal('another', { kind: 'policing' }),
    ]);
    expect(kept.map(({ detail }) => detail)).to.deep.equal([
      'first',
      'towards the server',
      'another',
    ]);
  });

  it('prefers the one that names who did it', () => {
    expect(mergeSignals([signal('first'), signal('proven', { by: 'middle' })])).to.deep.equal([
      signal('proven', { by: 'middle' }),
    ]);
  });
});

describe('findSignals()', () => {
  it('states what explains nothing: a forged RST to the server of a flow that went well', () => {
    const tape = new Tape();
    tape.handshake();
    tape.pass(60, { forward: true, flags: ['RST'], sequence: 9 }, { from: 'middle.outside' });
    const [verdict] = analyse(tape.evidence(tape.observation({ end: EPOCH + 90_000 })));
    expect(verdict).to.include({ failure: null });
    expect(verdict!.signals.map(({ kind, side, by }) => ({ kind, side, by }))).to.deep.equal([
      { kind: 'injected-rst', side: 'server', by: 'middle' },
    ]);
  });

  it('has nothing to say of an undisturbed connection', () => {
    const tape = new Tape();
    tape.handshake();
    tape.pass(60, { forward: true, sequence: 1001, acknowledgment: 5001, payload: 'hello' });
    tape.pass(90, { forward: false, sequence: 5001, acknowledgment: 1006, payload: 'answer' });
    tape.pass(120, { forward: true, flags: ['FIN', 'ACK'], sequence: 1006 });
    const [verdict] = analyse(tape.evidence(tape.observation()));
    expect(verdict!.signals).to.deep.equal([]);
  });
});
