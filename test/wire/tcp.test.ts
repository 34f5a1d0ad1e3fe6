import { expect } from 'chai';
import fc from 'fast-check';
import {
  addSequence,
  findTcpOption,
  formatTcpFlags,
  maximumSegmentSizeOption,
  parseTcpOptions,
  readMaximumSegmentSize,
  sequenceDistance,
  tcpFlagBit,
} from '../../src/wire/tcp.ts';

describe('wire/tcp', () => {
  it('sequenceDistance() goes round the circle', () => {
    expect(sequenceDistance(5, 0xfffffffb)).to.equal(10);
    expect(sequenceDistance(0xfffffffb, 5)).to.equal(-10);
    expect(addSequence(0xfffffffb, 10)).to.equal(5);
  });

  it('formatTcpFlags() and tcpFlagBit() use scenario words', () => {
    expect(formatTcpFlags(0x12)).to.equal('SYN+ACK');
    expect(formatTcpFlags(0)).to.equal('none');
    expect(tcpFlagBit('RST')).to.equal(4);
    expect(tcpFlagBit('rst')).to.equal(undefined);
  });

  it('parseTcpOptions() passes over padding and stops at the end', () => {
    const options = parseTcpOptions(Uint8Array.of(1, 1, 3, 3, 7, 2, 4, 5, 0xb4, 0, 9));
    expect(options).to.deep.equal([
      { kind: 3, data: Uint8Array.of(7) },
      { kind: 2, data: Uint8Array.of(5, 0xb4) },
    ]);
    expect(parseTcpOptions(Uint8Array.of(8, 10, 1))).to.deep.equal([]);
    expect(parseTcpOptions(Uint8Array.of(8, 1))).to.deep.equal([]);
  });

  it('findTcpOption() finds what parseTcpOptions() finds', () => {
    const options = Uint8Array.of(1, 1, 3, 3, 7, 2, 4, 5, 0xb4, 0, 19);
    expect([3, 2, 19].map((kind) => findTcpOption(options, 0, 11, kind))).to.deep.equal([2, 5, -1]);
    expect(findTcpOption(options, 0, 8, 2)).to.equal(-1);
    fc.assert(
      fc.property(
        fc.uint8Array({ maxLength: 40 }),
        fc.integer({ min: 2, max: 9 }),
        (bytes, kind) => {
          const isFound = parseTcpOptions(bytes).some((option) => option.kind === kind);
          expect(findTcpOption(bytes, 0, bytes.length, kind) >= 0).to.equal(isFound);
        },
      ),
    );
  });

  it('readMaximumSegmentSize() reads what maximumSegmentSizeOption() writes', () => {
    expect(readMaximumSegmentSize(maximumSegmentSizeOption(1460), 0, 4)).to.equal(1460);
    expect(readMaximumSegmentSize(Uint8Array.of(1, 1), 0, 2)).to.equal(null);
  });

  it('parseTcpOptions() never throws on random bytes', () => {
    fc.assert(
      fc.property(fc.uint8Array({ maxLength: 40 }), (bytes) => {
        parseTcpOptions(bytes);
      }),
    );
  });
});
