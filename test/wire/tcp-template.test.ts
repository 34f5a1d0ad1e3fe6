import { expect } from 'chai';
import fc from 'fast-check';
import { type TcpSpec, buildTcp } from '../../src/wire/build.ts';
import type { ChecksumChoice } from '../../src/wire/checksum.ts';
import { prepareTcp } from '../../src/wire/tcp-template.ts';
import { ip } from '../roles/forward/router.ts';

const ENDS = {
  4: { source: ip('10.0.0.1'), destination: ip('10.0.0.2') },
  6: { source: ip('fd00::1'), destination: ip('fd00::2') },
} as const;
const u32 = fc.nat(0xffffffff);
const u16 = fc.nat(0xffff);
const choice = fc.constantFrom<ChecksumChoice>('right', 'wrong', 0x1234);

describe('wire/tcp-template', () => {
  it('write() gives what buildTcp() gives, for every number that changes', () => {
    const spec = fc.record({
      family: fc.constantFrom(4 as const, 6 as const),
      sequence: u32,
      acknowledgment: u32,
      window: u16,
      id: u16,
      checksum: choice,
      ipChecksum: choice,
      payload: fc.uint8Array({ maxLength: 33 }),
      fragmentOffset: fc.constantFrom(undefined, 0),
    });
    fc.assert(
      fc.property(
        spec,
        u32,
        u32,
        u16,
        u16,
        ({ family, ...rest }, ...[sequence, ack, window, id]) => {
          const first: TcpSpec = {
            ...ENDS[family],
            ...rest,
            sourcePort: 1,
            destinationPort: 2,
            flags: 0x18,
          };
          const template = prepareTcp(first);
          const out = new Uint8Array(template.length + 4);
          expect(template.write(out, 2)).to.equal(template.length);
          expect(out.subarray(2, -2)).to.deep.equal(buildTcp(first));

          const changed = {
            sequence,
            acknowledgment: ack,
            window,
            id: family === 4 ? id : rest.id,
          };
          Object.assign(template, changed);
          template.write(out, 2);
          expect(out.subarray(2, -2)).to.deep.equal(buildTcp({ ...first, ...changed }));
          expect([out[0], out[1], out.at(-1)]).to.deep.equal([0, 0, 0]);
        },
      ),
    );
  });
});
