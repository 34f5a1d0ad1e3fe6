import { expect } from 'chai';
import { ListedSets, linesOf, textOf } from '../../../../src/roles/censor/match/listed.ts';

const LISTS = [{ file: 'a.txt', text: 'c\nd' }];

describe('roles/censor/match/listed', () => {
  it('textOf() joins what is written with what the list file says', () => {
    expect(textOf({ values: ['a', 'b'], list: 0 }, LISTS)).to.equal('a\nb\nc\nd');
    expect(textOf({ values: ['a'] }, LISTS)).to.equal('a');
    expect(textOf({ values: [], list: 0 }, LISTS)).to.equal('c\nd');
  });

  it('linesOf() leaves out blank lines and comments', () => {
    expect(linesOf('# all\r\n a \r\n\n  # b\nc')).to.deep.equal(['a', 'c']);
  });

  it('idOf() is the same for equal sets', () => {
    const sets = new ListedSets();
    const ids = [
      { values: ['a'] },
      { values: ['a'], list: 0 },
      { values: ['a'] },
      { values: ['b'] },
    ].map((set) => sets.idOf(set));
    expect(ids).to.deep.equal([0, 1, 0, 2]);
    expect(sets.sets).to.have.length(3);
  });
});
