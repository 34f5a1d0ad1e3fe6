import { expect } from 'chai';
import { type ImageWish, merge } from '../../../src/agent/container/images.ts';

const wish = (node: string, pull: ImageWish['image']['pull'], isBuilt = false): ImageWish => ({
  node,
  image: {
    ...{ name: 'x', pull },
    build: isBuilt
      ? { context: '.', dockerfile: 'Dockerfile', args: {}, target: null, network: 'default' }
      : null,
  },
});

describe('merge()', () => {
  it('prefers the one that builds', () => {
    expect(merge(wish('a', 'always'), wish('b', 'missing', true)).node).to.equal('b');
    expect(merge(wish('a', 'missing', true), wish('b', 'always')).node).to.equal('a');
  });
  it('prefers the one that pulls more eagerly', () => {
    expect(merge(wish('a', 'never'), wish('b', 'missing')).node).to.equal('b');
    expect(merge(wish('a', 'always'), wish('b', 'missing')).node).to.equal('a');
  });
});
