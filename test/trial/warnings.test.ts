import { expect } from 'chai';
import { lossWarnings } from '../../src/trial/warnings.ts';

describe('lossWarnings()', () => {
  const loss = { kind: 'loss', time: 1, place: 'middle', what: 'frames lost: full' } as const;

  it('sums what was lost by place and kind', () => {
    const events = [
      { ...loss, count: 2, isDeclared: false },
      { ...loss, count: 3, isDeclared: false },
      { ...loss, count: 4, isDeclared: false, place: 'lab' },
    ];
    expect(lossWarnings(events)).to.deep.equal([
      '5 frames lost: full (middle)',
      '4 frames lost: full (lab)',
    ]);
  });

  it('leaves out what the scenario asks for', () => {
    expect(lossWarnings([{ ...loss, count: 2, isDeclared: true }])).to.deep.equal([]);
  });
});
