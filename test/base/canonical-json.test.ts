import { expect } from 'chai';
import fc from 'fast-check';
import { canonicalJson } from '../../src/base/canonical-json.ts';
import { sha256 } from '../../src/base/hash.ts';

describe('base/canonical-json', () => {
  it('canonicalJson() sorts keys at every depth and leaves undefined out', () => {
    expect(canonicalJson({ b: [{ d: 1, c: undefined, a: 2 }], a: null })).to.equal(
      '{"a":null,"b":[{"a":2,"d":1}]}',
    );
  });

  it('canonicalJson() keeps the value', () => {
    fc.assert(
      fc.property(fc.jsonValue(), (value) => {
        expect(JSON.parse(canonicalJson(value))).to.deep.equal(JSON.parse(JSON.stringify(value)));
      }),
    );
  });

  it('sha256() gives the digest of FIPS 180-4 for "abc"', () => {
    expect(sha256('abc')).to.equal(
      'ba7816bf8f01cfea414140de5dae2223b00361a396177a9cb410ff61f20015ad',
    );
  });
});
