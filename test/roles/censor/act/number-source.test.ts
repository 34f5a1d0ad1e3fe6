import { expect } from 'chai';
import { seededRandom } from '../../../../src/base/random.ts';
import type { NumberSource } from '../../../../src/model/censor-action.ts';
import { Numbers } from '../../../../src/roles/censor/act/number-source.ts';

const draw = (source: NumberSource, count = 4): readonly number[] => {
  const numbers = new Numbers();
  const random = seededRandom(1);
  return Array.from({ length: count }, () => numbers.draw(source, 77, random));
};

describe('roles/censor/number-source', () => {
  it('draw() gives what each source says', () => {
    expect(draw({ from: 'trigger' })).to.deep.equal([77, 77, 77, 77]);
    expect(draw({ from: 'fixed', value: 5 })).to.deep.equal([5, 5, 5, 5]);
    expect(draw({ from: 'cycle', values: [1, 2, 3] })).to.deep.equal([1, 2, 3, 1]);
    expect(draw({ from: 'counter', start: 9 })).to.deep.equal([9, 10, 11, 12]);
  });

  it('draw() draws both ends of a range, the same for the same seed', () => {
    const source = { from: 'random', low: 3, high: 5 } as const;
    const drawn = draw(source, 100);
    expect([...new Set(drawn)].sort()).to.deep.equal([3, 4, 5]);
    expect(draw(source, 100)).to.deep.equal(drawn);
  });

  it('draw() keeps the turns of two sources apart', () => {
    const numbers = new Numbers();
    const random = seededRandom(1);
    const [one, other] = [1, 1].map((start) => ({ from: 'counter', start }) as const);
    if (one === undefined || other === undefined) throw new Error('two sources');
    numbers.draw(one, 0, random);
    expect(numbers.draw(other, 0, random)).to.equal(1);
  });
});
