import { expect } from 'chai';
import fc from 'fast-check';
import { createDemultiplexer } from '../../src/engine/demultiplexer.ts';

const frame = (type: number, bytes: Uint8Array): Buffer => {
  const header = Buffer.alloc(8);
  header[0] = type;
  header.writeUInt32BE(bytes.length, 4);
  return Buffer.concat([header, bytes]);
};

describe('createDemultiplexer()', () => {
  it('gives both outputs whole and in order, however the connection is cut', () => {
    const frames = fc.array(fc.tuple(fc.constantFrom(1, 2), fc.uint8Array({ maxLength: 40 })));
    fc.assert(
      fc.property(frames, fc.array(fc.nat({ max: 20 })), (sent, cuts) => {
        const wire = Buffer.concat(sent.map(([type, bytes]) => frame(type, bytes)));
        const demultiplex = createDemultiplexer();
        const got: Record<string, Buffer[]> = { stdout: [], stderr: [] };
        let at = 0;
        for (const size of [...cuts, wire.length]) {
          for (const { stream, bytes } of demultiplex(wire.subarray(at, at + size)))
            got[stream]?.push(Buffer.from(bytes));
          at += size;
        }
        const of = (type: number): Buffer =>
          Buffer.concat(sent.filter(([each]) => each === type).map(([, bytes]) => bytes));
        expect(Buffer.concat(got['stdout'] ?? [])).to.deep.equal(of(1));
        expect(Buffer.concat(got['stderr'] ?? [])).to.deep.equal(of(2));
      }),
    );
  });

  it('does not wait for a frame to be whole', () => {
    const demultiplex = createDemultiplexer();
    const [piece] = demultiplex(Buffer.from([1, 0, 0, 0, 0, 1, 0, 0, 65, 66]));
    expect(String(Buffer.from(piece?.bytes ?? []))).to.equal('AB');
  });
});
