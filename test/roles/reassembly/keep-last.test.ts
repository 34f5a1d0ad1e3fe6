import { expect } from 'chai';
import fc from 'fast-check';
import type { HeldBytes } from '../../../src/roles/reassembly/keep-first.ts';
import { keepLast } from '../../../src/roles/reassembly/keep-last.ts';
import { addSequence, sequenceDistance } from '../../../src/wire/tcp.ts';

/** So that the end of sequence space is crossed. */
const START = 0xffff_fff0;

describe('roles/reassembly/keep-last', () => {
  it('keepLast() holds the latest copy of each byte, sorted and without overlaps', () => {
    const segment = fc.tuple(fc.nat(40), fc.integer({ min: 1, max: 12 }), fc.nat(255));
    fc.assert(
      fc.property(fc.array(segment, { maxLength: 20 }), (segments) => {
        const wish = new Map<number, number>();
        let held: HeldBytes[] = [];
        for (const [offset, length, value] of segments) {
          held = keepLast(held, addSequence(START, offset), new Uint8Array(length).fill(value));
          for (let at = offset; at < offset + length; at += 1) wish.set(at, value);
        }
        const found = held.flatMap(({ sequence, bytes }) =>
          Array.from(bytes, (byte, index) => [sequenceDistance(sequence, START) + index, byte]),
        );
        expect(found).to.deep.equal([...wish].sort(([one], [other]) => one - other));
      }),
    );
  });
});
