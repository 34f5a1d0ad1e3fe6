import { expect } from 'chai';
import fc from 'fast-check';
import {
  SHORTEST_PROBE,
  readProbe,
  writeProbe,
} from '../../../../src/agent/packet/measure/probe-frame.ts';

const ADDRESSES = {
  destination: Uint8Array.of(2, 0, 0, 0, 0, 2),
  source: Uint8Array.of(2, 0, 0, 0, 0, 1),
};
const TIME = 1_800_000_000_123_456;

describe('agent/packet/measure/probe-frame', () => {
  it('readProbe() reads what writeProbe() wrote', () => {
    fc.assert(
      fc.property(
        fc.nat(2 ** 31),
        fc.integer({ min: SHORTEST_PROBE, max: 1514 }),
        (sequence, length) => {
          const memory = new Uint8Array(1600);
          writeProbe(memory, 7, length, ADDRESSES, sequence, TIME);
          expect(readProbe(memory, 7, 7 + length)).to.deep.equal({
            kind: 'probe',
            sequence,
            sent: TIME,
          });
        },
      ),
    );
  });

  it('readProbe() calls a probe with a changed bit damaged, and never misreads it', () => {
    for (let bit = 12 * 8; bit < 32 * 8; bit += 1) {
      const memory = new Uint8Array(SHORTEST_PROBE);
      writeProbe(memory, 0, SHORTEST_PROBE, ADDRESSES, 5, TIME);
      memory[bit >>> 3] = (memory[bit >>> 3] ?? 0) ^ (0x80 >>> (bit & 7));
      expect(readProbe(memory, 0, SHORTEST_PROBE)).to.deep.equal({ kind: 'damaged' });
    }
  });

  it("readProbe() leaves others' frames alone", () => {
    expect(readProbe(new Uint8Array(100), 0, 100)).to.equal(undefined);
    expect(readProbe(new Uint8Array(20), 0, 20)).to.equal(undefined);
  });
});
