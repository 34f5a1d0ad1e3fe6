import { expect } from 'chai';
import fc from 'fast-check';
import { ETHERTYPE, buildEthernet, findIpHeader, parseEthernet } from '../../src/wire/ethernet.ts';

const hex = (text: string): Uint8Array =>
  Uint8Array.from(Buffer.from(text.replace(/\s/g, ''), 'hex'));
const TAGGED = hex('020000000002 020000000001 88a8 0064 8100 0065 0800 45');

describe('wire/ethernet', () => {
  it('parseEthernet() reads addresses, tags and type', () => {
    const parsed = parseEthernet(TAGGED);
    if (!parsed.ok) throw new Error(parsed.error);
    expect(parsed.value.vlans).to.deep.equal([100, 101]);
    expect(parsed.value.etherType).to.equal(ETHERTYPE.ipv4);
    expect(parsed.value.payload).to.deep.equal(Uint8Array.of(0x45));
    expect(Array.from(parsed.value.source)).to.deep.equal([2, 0, 0, 0, 0, 1]);
  });

  it('findIpHeader() passes over tags and refuses what is not IP', () => {
    expect(findIpHeader(TAGGED, 0, TAGGED.length)).to.equal(22);
    expect(findIpHeader(TAGGED, 0, 15)).to.equal(-1);
    const arp = buildEthernet(new Uint8Array(6), new Uint8Array(6), ETHERTYPE.arp, hex('0001'));
    expect(findIpHeader(arp, 0, arp.length)).to.equal(-1);
  });

  it('parseEthernet() refuses short frames and cut tags', () => {
    expect(parseEthernet(TAGGED.subarray(0, 13)).ok).to.equal(false);
    expect(parseEthernet(TAGGED.subarray(0, 17)).ok).to.equal(false);
  });

  it('parseEthernet() never throws on random bytes', () => {
    fc.assert(
      fc.property(fc.uint8Array({ maxLength: 60 }), (bytes) => {
        parseEthernet(bytes);
        findIpHeader(bytes, 0, bytes.length);
      }),
    );
  });
});
