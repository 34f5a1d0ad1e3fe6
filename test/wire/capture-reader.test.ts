import { expect } from 'chai';
import fc from 'fast-check';
import { concatBytes } from '../../src/wire/bytes.ts';
import type { CaptureRecord } from '../../src/wire/capture-contents.ts';
import { CaptureReader } from '../../src/wire/capture-reader.ts';
import { readCapture } from '../../src/wire/read-capture.ts';
import { makePcap, pcapngSection } from './captures.ts';

const section = pcapngSection({ little: false, linkType: 276, resolution: 9 });
const other = pcapngSection({ little: true, linkType: 1 });
const data = (size: number): Uint8Array => new Uint8Array(size).map((_, at) => at);
const PCAP = makePcap(
  Array.from({ length: 20 }, (_, at) => ({ time: 1000 + at, data: data(at * 7), length: 500 })),
  101,
);
const PCAPNG = concatBytes(
  section.start,
  section.enhanced(1_700_000_000_123_456_789n, data(33), 99),
  section.other(10, data(50)),
  section.enhanced(1_700_000_000_123_457_789n, data(1)),
  other.start,
  other.enhanced(5n, data(200)),
);

/** What is read of a file that comes in pieces that end at `cuts`, each with so much room before it. */
function readPieces(file: Uint8Array, cuts: readonly number[], headroom = 0) {
  const reader = new CaptureReader();
  const records: CaptureRecord[] = [];
  const take = (): void => {
    while (reader.next()) {
      const { time, length, start, end, linkType } = reader.packet;
      records.push({
        frame: reader.frame,
        time,
        length,
        data: reader.memory.slice(start, end),
        linkType,
      });
    }
  };
  const edges = [0, ...cuts.toSorted((left, right) => left - right), file.length];
  for (const [index, edge] of edges.slice(1).entries()) {
    const piece = file.subarray(edges[index], edge);
    const buffer = new Uint8Array(headroom + piece.length).fill(0xee);
    buffer.set(piece, headroom);
    reader.push(buffer.subarray(headroom), headroom);
    take();
  }
  reader.finish();
  take();
  return { reader, records };
}

describe('CaptureReader', () => {
  for (const [name, file] of [
    ['pcap', PCAP],
    ['pcapng', PCAPNG],
  ] as const) {
    it(`reads a ${name} that comes in any pieces as readCapture() reads it whole`, () => {
      const whole = readCapture(file);
      fc.assert(
        fc.property(
          fc.array(fc.nat(file.length), { maxLength: 12 }),
          fc.nat(600),
          (cuts, headroom) => {
            const { reader, records } = readPieces(file, cuts, headroom);
            expect({ ok: true, value: { records, damage: reader.damage } }).to.deep.equal(whole);
          },
        ),
      );
    });

    it(`says of a ${name} that was cut off where, and gives what is whole`, () => {
      const { reader, records } = readPieces(file.subarray(0, file.length - 3), [100]);
      expect(reader.fault).to.equal(null);
      expect(reader.damage).to.match(/^The capture ends within a packet at byte \d+, after packet/);
      const whole = readCapture(file);
      expect(records.length).to.equal(whole.ok && whole.value.records.length - 1);
    });
  }

  for (const [name, file, message] of [
    ['nothing', data(0), /0 bytes is shorter/],
    ['half a header', PCAP.subarray(0, 11), /11 bytes is shorter/],
    ['another file', data(100), /found one that begins with 00 01 02 03/],
  ] as const)
    it(`refuses ${name}`, () => {
      const { reader, records } = readPieces(file, []);
      expect(records).to.be.empty;
      expect(reader.fault).to.match(message);
    });

  it('stops at a record that cannot be', () => {
    const file = PCAP.slice();
    file.fill(0xff, 24 + 8, 24 + 12);
    const { reader, records } = readPieces(file, [40]);
    expect(records).to.be.empty;
    expect(reader.damage).to.contain('has a record of 4294967295 bytes at byte 24');
  });

  it('does not throw, whatever the bytes', () => {
    fc.assert(
      fc.property(fc.uint8Array({ maxLength: 300 }), fc.nat(300), (bytes, cut) => {
        const half = Math.min(cut, bytes.length);
        for (const start of [PCAP.subarray(0, 24), section.start])
          readPieces(concatBytes(start, bytes), [half]);
      }),
    );
  });
});
