import { expect } from 'chai';
import fc from 'fast-check';
import {
  type TcpOptionSpec,
  emitTcpOptions,
  readTcpOptions,
  tcpOptionsLength,
} from '../../src/wire/tcp-options.ts';

const hex = (options: readonly TcpOptionSpec[]): string =>
  Buffer.from(emitTcpOptions(options)).toString('hex');
const digest = Uint8Array.from({ length: 16 }, (_, index) => index);

describe('wire/tcp-options', () => {
  const bytes: readonly (readonly [TcpOptionSpec, string])[] = [
    [{ kind: 'end' }, '00'],
    [{ kind: 'no-operation' }, '01'],
    [{ kind: 'maximum-segment-size', size: 1460 }, '020405b4'],
    [{ kind: 'window-scale', shift: 7 }, '030307'],
    [{ kind: 'sack-permitted' }, '0402'],
    [
      {
        kind: 'sack',
        blocks: [
          { left: 1, right: 0xffffffff },
          { left: 2, right: 3 },
        ],
      },
      '051200000001ffffffff0000000200000003',
    ],
    [{ kind: 'timestamps', value: 0xdeadbeef, echo: 5 }, '080adeadbeef00000005'],
    [{ kind: 'md5', digest }, '1312000102030405060708090a0b0c0d0e0f'],
    [{ kind: 'other', number: 253, data: Uint8Array.of(9, 8) }, 'fd040908'],
  ];
  for (const [option, expected] of bytes)
    it(`emitTcpOptions() writes ${option.kind}`, () => {
      expect(hex([option])).to.equal(expected);
      expect(tcpOptionsLength([option, option])).to.equal(expected.length);
    });

  it('emitTcpOptions() keeps order and adds nothing: the options of a SYN from Linux', () => {
    const options: TcpOptionSpec[] = [
      { kind: 'maximum-segment-size', size: 1460 },
      { kind: 'sack-permitted' },
      { kind: 'timestamps', value: 1, echo: 0 },
      { kind: 'no-operation' },
      { kind: 'window-scale', shift: 7 },
    ];
    expect(hex(options)).to.equal('020405b40402080a00000001000000000103' + '0307');
  });

  it('emitTcpOptions() refuses more than a header can hold', () => {
    const three = new Array<TcpOptionSpec>(3).fill({ kind: 'md5', digest });
    expect(() => emitTcpOptions(three)).to.throw('40 bytes at most');
  });

  it('readTcpOptions() reads what emitTcpOptions() writes', () => {
    const options = emitTcpOptions([
      { kind: 'maximum-segment-size', size: 536 },
      { kind: 'window-scale', shift: 3 },
      { kind: 'sack-permitted' },
      { kind: 'timestamps', value: 7, echo: 0xfffffffe },
      { kind: 'sack', blocks: [{ left: 0xfffffff0, right: 16 }] },
    ]);
    expect(readTcpOptions(options)).to.deep.equal({
      maximumSegmentSize: 536,
      windowScale: 3,
      sackPermitted: true,
      sack: [{ left: 0xfffffff0, right: 16 }],
      timestamps: { value: 7, echo: 0xfffffffe },
      md5: null,
    });
    expect(readTcpOptions(emitTcpOptions([{ kind: 'md5', digest }])).md5).to.deep.equal(digest);
  });

  it('readTcpOptions() passes over options of a wrong length', () => {
    const odd = Uint8Array.of(2, 3, 9, 3, 2, 4, 3, 0, 5, 3, 0, 8, 3, 0, 19, 3, 0);
    expect(readTcpOptions(odd)).to.deep.equal(readTcpOptions(new Uint8Array(0)));
  });

  it('readTcpOptions() never throws', () => {
    fc.assert(
      fc.property(fc.uint8Array({ maxLength: 40 }), (options) => {
        readTcpOptions(options);
      }),
    );
  });
});
