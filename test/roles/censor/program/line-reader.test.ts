import { expect } from 'chai';
import fc from 'fast-check';
import { LINE_LIMIT, LineReader } from '../../../../src/roles/censor/program/line-reader.ts';

describe('LineReader', () => {
  it('gives the lines that came, however they were cut', () => {
    fc.assert(
      fc.property(
        fc.array(
          fc
            .string({ unit: 'binary', minLength: 1 })
            .filter((text) => !text.includes('\n') && text.trim() !== ''),
        ),
        fc.infiniteStream(fc.integer({ min: 1, max: 7 })),
        (lines, sizes) => {
          const bytes = new TextEncoder().encode(lines.map((line) => `${line}\n`).join(''));
          const reader = new LineReader();
          const found: string[] = [];
          for (let at = 0; at < bytes.length;) {
            const { value: size } = sizes.next() as { value: number };
            found.push(...(reader.read(bytes.subarray(at, at + size)) ?? []));
            at += size;
          }
          expect(found).to.deep.equal(lines);
        },
      ),
    );
  });

  it('gives up at a line that is too long, whether it ends or not', () => {
    const long = new Uint8Array(LINE_LIMIT + 1).fill(0x61);
    expect(new LineReader().read(long)).to.equal(null);
    expect(new LineReader().read(Uint8Array.of(...[0x0a]))).to.deep.equal([]);
    const ended = new Uint8Array(LINE_LIMIT + 2).fill(0x61);
    ended[LINE_LIMIT + 1] = 0x0a;
    expect(new LineReader().read(ended)).to.equal(null);
  });
});
