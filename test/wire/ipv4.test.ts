import { expect } from 'chai';
import {
  ipv4DontFragment,
  ipv4Fault,
  ipv4FragmentOffset,
  ipv4HeaderLength,
  ipv4MoreFragments,
  renumberIpv4,
  writeIpv4Header,
} from '../../src/wire/ipv4.ts';

// The header of the example in Wikipedia's article on the IPv4 header checksum: sum b861.
const EXAMPLE = '450000730000400040' + '11b861c0a80001c0a800c7';
const fields = {
  source: Uint8Array.of(192, 168, 0, 1),
  destination: Uint8Array.of(192, 168, 0, 199),
  protocol: 17,
  ttl: 64,
  id: 0,
  trafficClass: 0,
  dontFragment: true,
  moreFragments: false,
  fragmentOffset: 0,
};

describe('wire/ipv4', () => {
  it('writeIpv4Header() writes the bytes of a known header', () => {
    const out = new Uint8Array(20);
    writeIpv4Header(out, 0, fields, 95);
    expect(Buffer.from(out).toString('hex')).to.equal(EXAMPLE);
    expect(ipv4HeaderLength(out, 0)).to.equal(20);
    expect(ipv4DontFragment(out, 0)).to.equal(true);
    expect(ipv4Fault(out, 0, 20, 115)).to.equal(null);
    expect(ipv4Fault(out, 0, 20, 114)).to.equal('IPv4 total length is longer than the packet');
  });

  it('renumberIpv4() gives the header that was written with the other identification', () => {
    for (const id of [1, 0x8000, 0xffff, 0]) {
      const [out, wished] = [new Uint8Array(20), new Uint8Array(20)];
      writeIpv4Header(out, 0, { ...fields, id: 4711 }, 95);
      writeIpv4Header(wished, 0, { ...fields, id }, 95);
      renumberIpv4(out, 0, id);
      expect(out).to.deep.equal(wished);
    }
  });

  it('ipv4FragmentOffset() counts bytes', () => {
    const out = new Uint8Array(20);
    const fragment = {
      ...fields,
      dontFragment: false,
      moreFragments: true,
      fragmentOffset: 65_528,
    };
    writeIpv4Header(out, 0, fragment, 0);
    expect(ipv4FragmentOffset(out, 0)).to.equal(65_528);
    expect(ipv4MoreFragments(out, 0)).to.equal(true);
    expect(ipv4DontFragment(out, 0)).to.equal(false);
  });
});
