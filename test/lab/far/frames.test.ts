import { expect } from 'chai';
import fc from 'fast-check';
import { type Frame, createFrameReader, encodeFrame } from '../../../src/lab/far/frames.ts';

describe('createFrameReader()', () => {
  it('gives back what encodeFrame() made, however the bytes are cut', () => {
    const frame = fc.record({
      kind: fc.nat(255),
      payload: fc.uint8Array({ maxLength: 30 }).map((bytes) => Buffer.from(bytes)),
    });
    fc.assert(
      fc.property(fc.array(frame), fc.array(fc.integer({ min: 1, max: 9 })), (frames, cuts) => {
        let bytes: Buffer = Buffer.concat(frames.map(encodeFrame));
        const read = createFrameReader();
        const found: Frame[] = [];
        for (const cut of [...cuts, Infinity]) {
          found.push(...read(bytes.subarray(0, cut)));
          bytes = bytes.subarray(Math.min(cut, bytes.length));
        }
        expect(found).to.deep.equal(frames);
      }),
    );
  });

  it('refuses a length that nobody writes', () => {
    expect(() => createFrameReader()(Buffer.from([1, 0xff, 0, 0, 0]))).to.throw('is none');
  });
});
