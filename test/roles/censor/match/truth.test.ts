import { expect } from 'chai';
import { FALSE, TRUE, UNKNOWN, negate, truthOf } from '../../../../src/roles/censor/match/truth.ts';

describe('roles/censor/match/truth', () => {
  it('negate() turns true and false over and leaves unknown', () => {
    expect(([FALSE, UNKNOWN, TRUE] as const).map(negate)).to.deep.equal([TRUE, UNKNOWN, FALSE]);
  });

  it('truthOf() knows', () => {
    expect([truthOf(false), truthOf(true)]).to.deep.equal([FALSE, TRUE]);
  });
});
