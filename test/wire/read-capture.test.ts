import { expect } from 'chai';
import fc from 'fast-check';
import { concatBytes } from '../../src/wire/bytes.ts';
import { isCapture, readCapture } from '../../src/wire/read-capture.ts';
import { makePcap, pcapngSection } from './captures.ts';

const DATA = Uint8Array.of(9, 8, 7);

describe('readCapture()', () => {
  it('reads pcap and pcapng alike', () => {
    const section = pcapngSection({ little: true, linkType: 101 });
    for (const file of [
      makePcap([{ time: 5, data: DATA }], 101),
      concatBytes(section.start, section.enhanced(5n, DATA)),
    ]) {
      const read = readCapture(file);
      expect(isCapture(file)).to.equal(true);
      expect(read).to.deep.equal({
        ok: true,
        value: {
          records: [{ frame: 1, time: 5, length: 3, data: DATA, linkType: 101 }],
          damage: null,
        },
      });
    }
  });

  it('says where a pcap file was cut off', () => {
    const file = makePcap([
      { time: 5, data: DATA },
      { time: 6, data: DATA },
    ]);
    for (let cut = 1; cut < 19; cut += 1) {
      const read = readCapture(file.subarray(0, file.length - cut));
      expect(read.ok && read.value.records).to.have.length(1);
      expect(read.ok && read.value.damage).to.equal(
        'The file is cut off or damaged at byte 43, after packet 1',
      );
    }
  });

  for (const [name, bytes, message] of [
    [
      'a file of nothing',
      new Uint8Array(0),
      "The file of 0 bytes is shorter than the 24 of a capture's header",
    ],
    [
      'half a header',
      makePcap([]).subarray(0, 11),
      "The file of 11 bytes is shorter than the 24 of a capture's header",
    ],
    [
      'another file',
      new TextEncoder().encode('services: { web: {} } # text'),
      'Expected a pcap or pcapng file, found one that begins with 73 65 72 76',
    ],
    [
      'a compressed file',
      concatBytes(Uint8Array.of(0x1f, 0x8b, 8, 0), makePcap([])),
      'Expected a pcap or pcapng file, found one that gzip compressed',
    ],
  ] as const)
    it(`refuses ${name}`, () => {
      expect(readCapture(bytes)).to.deep.equal({ ok: false, error: message });
      expect(isCapture(bytes)).to.equal(false);
    });

  it('does not throw, whatever the bytes', () => {
    const starts = [new Uint8Array(0), makePcap([]), Uint8Array.of(0x0a, 0x0d, 0x0d, 0x0a)];
    fc.assert(
      fc.property(fc.constantFrom(...starts), fc.uint8Array({ maxLength: 200 }), (start, rest) => {
        readCapture(concatBytes(start, rest));
      }),
    );
  });
});
