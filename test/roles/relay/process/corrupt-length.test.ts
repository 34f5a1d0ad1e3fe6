import { expect } from 'chai';
import { corruptLength } from '../../../../src/roles/relay/process/corrupt-length.ts';
import { MEMO, RAW, memo } from '../playbook.ts';

const lie = (value: number | null, add: number, bytes = memo('ASK', 1, 300)) =>
  corruptLength(bytes, MEMO.frame, { kind: 'corrupt-length', value, add });

describe('roles/relay/process/corrupt-length', () => {
  for (const [value, add, said] of [
    [7, 0, 7],
    [null, 5, 313],
    [null, -309, 65_535],
    [65_537, 0, 1],
    [100, 1, 101],
  ] as const)
    it(`corruptLength() of ${value} and ${add} says ${said}`, () => {
      const original = memo('ASK', 1, 300);
      const corrupted = lie(value, add, original);
      expect(corrupted).to.include({ old: 308, new: said });
      const expected = original.slice();
      expected.set([said >> 8, said & 0xff], 2);
      expect(corrupted?.bytes).to.deep.equal(expected);
      expect(original).to.deep.equal(memo('ASK', 1, 300));
    });

  it('corruptLength() leaves alone what says no length', () => {
    expect(lie(1, 0, Uint8Array.of(1, 2, 3))).to.equal(null);
    const edit = { kind: 'corrupt-length', value: 1, add: 0 } as const;
    expect(corruptLength(memo('ASK', 1), RAW.frame, edit)).to.equal(null);
  });
});
