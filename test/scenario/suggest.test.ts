import { expect } from 'chai';
import { didYouMean } from '../../src/scenario/suggest.ts';

describe('didYouMean()', () => {
  it('asks in a sentence', () => {
    expect(didYouMean('midle', ['middle'])).to.equal('Did you mean "middle"?');
    expect(didYouMean('x', ['middle'])).to.equal(undefined);
  });
});
