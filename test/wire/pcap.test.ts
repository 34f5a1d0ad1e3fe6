import { expect } from 'chai';
import fc from 'fast-check';
import {
  LINKTYPE,
  encodePcapRecord,
  readPcap,
  readPcapHeader,
  writePcapHeader,
} from '../../src/wire/pcap.ts';
import { concatBytes } from '../../src/wire/bytes.ts';

const record = fc.record({
  time: fc.integer({ min: 0, max: 4_294_967_295_999_999 }),
  data: fc.uint8Array({ maxLength: 64 }),
});

/** The same file with every number of its headers in the other byte order, and in nanoseconds if wished. */
function bigEndian(bytes: Uint8Array, nanoseconds: boolean): Uint8Array {
  const out = bytes.slice();
  const swap = (at: number, size: number): void => {
    out.subarray(at, at + size).reverse();
  };
  for (const at of [0, 8, 12, 16, 20]) swap(at, 4);
  for (const at of [4, 6]) swap(at, 2);
  if (nanoseconds) out.set([0xa1, 0xb2, 0x3c, 0x4d]);
  let at = 24;
  for (const packet of readPcap(bytes)) {
    for (let field = 0; field < 4; field += 1) swap(at + field * 4, 4);
    at += 16 + packet.data.length;
  }
  return out;
}

describe('readPcap()', () => {
  it('gives back what encodePcapRecord() wrote', () => {
    fc.assert(
      fc.property(fc.array(record, { maxLength: 20 }), (records) => {
        const file = concatBytes(
          writePcapHeader(),
          ...records.map(({ time, data }) => encodePcapRecord(time, data)),
        );
        const read = [...readPcap(file)];
        expect(read.map(({ time, data }) => ({ time, data: [...data] }))).to.deep.equal(
          records.map(({ time, data }) => ({ time, data: [...data] })),
        );
        expect(read.map(({ frame }) => frame)).to.deep.equal(records.map((_, index) => index + 1));
      }),
    );
  });

  it('ends at a cut anywhere, with every whole record before it', () => {
    const records = [1, 2, 3].map((n) => encodePcapRecord(n, new Uint8Array(n * 10)));
    const file = concatBytes(writePcapHeader(), ...records);
    const ends = records.map((_, index) =>
      records.slice(0, index + 1).reduce((sum, { length }) => sum + length, 24),
    );
    for (let cut = 0; cut <= file.length; cut += 1)
      expect([...readPcap(file.subarray(0, cut))]).to.have.length(
        ends.filter((end) => end <= cut).length,
      );
  });

  it('never throws on random bytes after a good header', () => {
    fc.assert(
      fc.property(fc.uint8Array({ maxLength: 200 }), (noise) => {
        for (const packet of readPcap(concatBytes(writePcapHeader(), noise)))
          expect(packet.data.length).to.be.at.most(noise.length);
        expect([...readPcap(noise)]).to.be.an('array');
      }),
    );
  });

  it('reads the other byte order, and nanoseconds', () => {
    const file = concatBytes(
      writePcapHeader(),
      encodePcapRecord(5_000_500, Uint8Array.of(1, 2, 3), 9),
    );
    const [packet] = readPcap(bigEndian(file, false));
    expect(packet).to.deep.include({ frame: 1, time: 5_000_500, length: 9 });
    const [fine] = readPcap(bigEndian(file, true));
    expect(fine?.time).to.equal(5_000_000.5);
  });

  it('reads a file that lies in the middle of other memory', () => {
    const file = concatBytes(writePcapHeader(), encodePcapRecord(7, Uint8Array.of(1)));
    const memory = new Uint8Array(file.length + 9);
    memory.set(file, 9);
    expect([...readPcap(memory.subarray(9))].map(({ time }) => time)).to.deep.equal([7]);
  });
});

describe('readPcapHeader()', () => {
  it('gives link type and snapshot length', () => {
    expect(readPcapHeader(writePcapHeader(LINKTYPE.LINKTYPE_RAW, 96))).to.deep.equal({
      littleEndian: true,
      nanoseconds: false,
      snaplen: 96,
      linkType: 101,
    });
  });

  it('refuses other files', () => {
    expect(readPcapHeader(new Uint8Array(24))).to.equal(null);
    expect(readPcapHeader(new Uint8Array(3))).to.equal(null);
  });
});
