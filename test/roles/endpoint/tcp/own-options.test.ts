import { expect } from 'chai';
import {
  openingOptions,
  scaleFor,
  segmentOptions,
} from '../../../../src/roles/endpoint/tcp/own-options.ts';
import { DEFAULT_TCP_SETTINGS } from '../../../../src/roles/endpoint/tcp/settings.ts';
import { readTcpOptions } from '../../../../src/wire/tcp-options.ts';

const hex = (bytes: Uint8Array): string => Buffer.from(bytes).toString('hex');
const PLAIN = DEFAULT_TCP_SETTINGS;
const STAMPS = { value: 1, echo: 2 };

describe('roles/endpoint/tcp/own-options', () => {
  it('openingOptions() are those of a SYN from Linux', () => {
    expect(hex(openingOptions(DEFAULT_TCP_SETTINGS, null, STAMPS))).to.equal(
      '020405b4' + '0402' + '080a0000000100000002' + '01' + '030303',
    );
  });

  it('openingOptions() answer with what the peer offered alone', () => {
    const nothing = readTcpOptions(new Uint8Array(0));
    expect(hex(openingOptions(DEFAULT_TCP_SETTINGS, nothing, STAMPS))).to.equal('020405b4');
    const scaled = { ...nothing, windowScale: 7 };
    expect(hex(openingOptions(DEFAULT_TCP_SETTINGS, scaled, STAMPS))).to.equal('020405b401030303');
  });

  it('segmentOptions() are aligned, and hold three blocks at most', () => {
    const block = { left: 3, right: 4 };
    expect(segmentOptions(PLAIN, null, [])).to.have.length(0);
    expect(hex(segmentOptions(PLAIN, STAMPS, []))).to.equal('0101080a0000000100000002');
    const four = segmentOptions(PLAIN, STAMPS, [block, block, block, block]);
    expect(four).to.have.length(40);
    expect(readTcpOptions(four).sack).to.deep.equal([block, block, block]);
  });

  it('openingOptions() and segmentOptions() leave room for a signature', () => {
    const signed = { ...PLAIN, md5Signature: true };
    expect(openingOptions(signed, null, STAMPS)).to.have.length(38);
    const rest = segmentOptions(signed, STAMPS, [{ left: 3, right: 4 }]);
    expect(hex(rest)).to.equal(`01011312${'00'.repeat(16)}0101080a0000000100000002`);
    const block = { left: 3, right: 4 };
    const two = readTcpOptions(segmentOptions(signed, null, [block, block, block]));
    expect(two.sack).to.deep.equal([block, block]);
  });

  it('scaleFor() is the smallest shift that fits, and 14 at most', () => {
    const sizes = [1, 0xffff, 0x1_0000, 262_144, 2 ** 31];
    expect(sizes.map(scaleFor)).to.deep.equal([0, 0, 1, 3, 14]);
  });
});
