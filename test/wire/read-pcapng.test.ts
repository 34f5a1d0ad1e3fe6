import { expect } from 'chai';
import fc from 'fast-check';
import { concatBytes } from '../../src/wire/bytes.ts';
import { mergeToPcapng } from '../../src/wire/pcapng.ts';
import { isPcapng, readPcapng } from '../../src/wire/read-pcapng.ts';
import { makePcap, pcapngSection } from './captures.ts';

const DATA = Uint8Array.of(1, 2, 3, 4, 5);

describe('readPcapng()', () => {
  for (const little of [true, false])
    it(`reads ${little ? 'little' : 'big'}-endian sections, and blocks of every kind of packet`, () => {
      const section = pcapngSection({ little, linkType: 113 });
      const { records, damage } = readPcapng(
        concatBytes(
          section.start,
          section.other(4, new Uint8Array(8)),
          section.enhanced(1_700_000_000_000_001n, DATA, 99),
          section.obsolete(1_700_000_000_000_002n, DATA),
          section.simple(DATA),
        ),
      );
      expect(damage).to.equal(null);
      expect(
        records.map(({ frame, time, length, linkType }) => [frame, time, length, linkType]),
      ).to.deep.equal([
        [1, 1_700_000_000_000_001, 99, 113],
        [2, 1_700_000_000_000_002, 5, 113],
        [3, 0, 5, 113],
      ]);
      for (const { data } of records) expect(data).to.deep.equal(DATA);
    });

  for (const [name, resolution, units, micros] of [
    ['nanoseconds', 9, 1_700_000_000_123_456_789n, 1_700_000_000_123_456.8],
    ['milliseconds', 3, 1_700_000_000_123n, 1_700_000_000_123_000],
    ['powers of two', 0x80 | 10, 1024n * 5n + 512n, 5_500_000],
    ['finer than a double counts', 0x80 | 60, 1n << 62n, 4_000_000],
  ] as const)
    it(`reads times in ${name}`, () => {
      const section = pcapngSection({ little: true, linkType: 1, resolution });
      const { records } = readPcapng(concatBytes(section.start, section.enhanced(units, DATA)));
      expect(records[0]?.time).to.be.closeTo(micros, 0.3);
    });

  it('adds the offset of an interface to its times', () => {
    const section = pcapngSection({ little: false, linkType: 1, offset: -3n });
    const { records } = readPcapng(concatBytes(section.start, section.enhanced(5_000_000n, DATA)));
    expect(records[0]?.time).to.equal(2_000_000);
  });

  it('cuts simple packets at the snapshot length', () => {
    const section = pcapngSection({ little: true, linkType: 1, snaplen: 4 });
    const { records } = readPcapng(
      concatBytes(section.start, section.simple(DATA.subarray(0, 4), 1400)),
    );
    expect(records[0]).to.include({ length: 1400 });
    expect(records[0]?.data).to.deep.equal(DATA.subarray(0, 4));
  });

  it('reads sections of different byte orders, each with interfaces of its own', () => {
    const [first, second] = [
      pcapngSection({ little: true, linkType: 1 }),
      pcapngSection({ little: false, linkType: 101, resolution: 9 }),
    ];
    const { records } = readPcapng(
      concatBytes(
        first.start,
        first.enhanced(7n, DATA),
        second.start,
        second.enhanced(9000n, DATA),
      ),
    );
    expect(records.map(({ time, linkType }) => [time, linkType])).to.deep.equal([
      [7, 1],
      [9, 101],
    ]);
  });

  it('gives back what mergeToPcapng() wrote', () => {
    const record = fc.record({
      time: fc.integer({ min: 0, max: 2_000_000_000_000_000 }),
      data: fc.uint8Array({ maxLength: 40 }),
    });
    fc.assert(
      fc.property(fc.array(record, { maxLength: 20 }), (made) => {
        const sorted = made.toSorted((left, right) => left.time - right.time);
        const merged = mergeToPcapng([{ name: 'x', bytes: makePcap(sorted, 101) }]);
        const { records, damage } = readPcapng(merged);
        expect(damage).to.equal(null);
        expect(records.map(({ time, data }) => ({ time, data }))).to.deep.equal(sorted);
      }),
    );
  });

  it('says where a file was cut off, and gives what is whole', () => {
    const section = pcapngSection({ little: true, linkType: 1 });
    const file = concatBytes(section.start, section.enhanced(1n, DATA), section.enhanced(2n, DATA));
    for (let cut = 1; cut < 40; cut += 1) {
      const { records, damage } = readPcapng(file.subarray(0, file.length - cut));
      expect(records).to.have.length(1);
      expect(damage).to.match(/^The file ends within a block at byte \d+, after packet 1$/);
    }
  });

  it('says which block contradicts itself', () => {
    const section = pcapngSection({ little: true, linkType: 1 });
    const wrong = section.enhanced(1n, DATA);
    // Its captured length, then its own length.
    for (const at of [20, 4]) {
      const bad = wrong.slice();
      bad[at] = 0xfe;
      bad[at + 1] = 0xff;
      const { records, damage } = readPcapng(concatBytes(section.start, bad));
      expect(records).to.deep.equal([]);
      expect(damage).to.be.a('string');
    }
    const stray = concatBytes(section.start.subarray(0, 28), wrong);
    expect(readPcapng(stray).damage).to.contain('contradicts itself at byte 28, after packet 0');
  });

  it('does not throw, whatever the bytes', () => {
    const section = pcapngSection({ little: true, linkType: 1 });
    const file = concatBytes(section.start, section.enhanced(1n, DATA), section.simple(DATA));
    const change = fc.tuple(fc.nat(file.length - 1), fc.nat(255));
    fc.assert(
      fc.property(
        fc.array(change, { maxLength: 6 }),
        fc.uint8Array({ maxLength: 30 }),
        (changes, tail) => {
          const bytes = concatBytes(file, tail);
          for (const [at, value] of changes) bytes[at] = value;
          expect(readPcapng(bytes).records.length).to.be.at.most(4);
          isPcapng(bytes.subarray(0, tail.length));
        },
      ),
    );
  });
});
