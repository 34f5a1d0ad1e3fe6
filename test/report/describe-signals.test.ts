import { expect } from 'chai';
import { describeFurtherSignals, furtherSignals } from '../../src/report/describe-signals.ts';
import type { Signal } from '../../src/model/verdict.ts';
import { REPORT } from './fixture.ts';

const [forbidden] = REPORT.verdicts;

const signal = (kind: Signal['kind'], changes: Partial<Signal> = {}): Signal => ({
  kind,
  side: 'server',
  detail: 'figures',
  proof: [],
  ...changes,
});

describe('furtherSignals()', () => {
  it('leaves out what the cause says already, and retransmissions', () => {
    const signals = [...forbidden!.signals, signal('retransmission'), signal('shaping')];
    const found = furtherSignals({ ...forbidden!, signals });
    expect(found.map(({ kind }) => kind)).to.deep.equal(['shaping']);
  });

  it('has all that a flow without a cause betrays', () => {
    expect(furtherSignals({ ...forbidden!, cause: null })).to.have.length(1);
  });
});

describe('describeFurtherSignals()', () => {
  it('says the first and counts the others up', () => {
    const signals = [signal('residual-blocking', { by: 'middle' }), signal('tampering')];
    expect(describeFurtherSignals({ ...forbidden!, signals })).to.equal(
      'residual-blocking towards server by middle: figures (and tampering)',
    );
  });

  it('is null when there is nothing to add', () => {
    expect(describeFurtherSignals(forbidden!)).to.equal(null);
  });
});
