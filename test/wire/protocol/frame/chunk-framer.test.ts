import { expect } from 'chai';
import { ChunkFramer } from '../../../../src/wire/protocol/frame/chunk-framer.ts';

describe('ChunkFramer', () => {
  it('gives each push as it is, without a copy', () => {
    const framer = new ChunkFramer();
    for (const pushed of [Uint8Array.of(1, 2), Uint8Array.of(3)]) {
      framer.push(pushed);
      const next = framer.next();
      expect(next).to.deep.equal(pushed);
      expect(next?.buffer).to.equal(pushed.buffer);
      expect([framer.next(), framer.waiting]).to.deep.equal([null, 0]);
    }
  });

  it('gives pushes that nobody took as one', () => {
    const framer = new ChunkFramer();
    framer.push(Uint8Array.of(1, 2));
    framer.push(Uint8Array.of(3));
    expect([...(framer.next() ?? [])]).to.deep.equal([1, 2, 3]);
  });
});
