import { expect } from 'chai';
import fc from 'fast-check';
import { type HeldBytes, keepFirst } from '../../../src/roles/reassembly/keep-first.ts';
import { addSequence } from '../../../src/wire/tcp.ts';

describe('roles/reassembly/keep-first', () => {
  it('keepFirst() keeps of every byte the first copy, sorted and without overlap', () => {
    const segment = fc.record({
      at: fc.nat(60),
      bytes: fc.uint8Array({ minLength: 1, maxLength: 30 }),
    });
    const base = fc.constantFrom(0, 0xffff_ffe0);
    fc.assert(
      fc.property(base, fc.array(segment, { maxLength: 12 }), (start, segments) => {
        const expected = new Map<number, number>();
        let held: readonly HeldBytes[] = [];
        for (const { at, bytes } of segments) {
          for (const [index, byte] of bytes.entries())
            if (!expected.has(at + index)) expected.set(at + index, byte);
          held = keepFirst(held, addSequence(start, at), bytes);
        }
        const found = held.flatMap(({ sequence, bytes }) =>
          [...bytes].map((byte, index) => [((sequence - start) | 0) + index, byte] as const),
        );
        const sorted = [...expected].sort(([left], [right]) => left - right);
        expect(found).to.deep.equal(sorted);
      }),
    );
  });
});
