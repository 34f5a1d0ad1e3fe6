import { expect } from 'chai';
import {
  buildFragmentHeader,
  findFragmentHeader,
  ipv6Fault,
  walkExtensions,
  writeIpv6Header,
} from '../../src/wire/ipv6.ts';

function packet(protocol: number, ...headers: readonly number[]): Uint8Array {
  const out = new Uint8Array(40 + headers.length);
  const source = new Uint8Array(16).fill(1);
  const destination = new Uint8Array(16).fill(2);
  const fields = { source, destination, protocol, ttl: 3, trafficClass: 0xab, flowLabel: 0xcdef0 };
  writeIpv6Header(out, 0, fields, headers.length);
  out.set(headers, 40);
  return out;
}

function walk(bytes: Uint8Array) {
  const found = {
    protocol: 0,
    transportStart: 0,
    isFragment: false,
    fragmentOffset: 0,
    moreFragments: false,
    fragmentId: 0,
  };
  return { fault: walkExtensions(bytes, 0, bytes.length, found), ...found };
}

const pad = (next: number): readonly number[] => [next, 0, 0, 0, 0, 0, 0, 0];

describe('wire/ipv6', () => {
  it('writeIpv6Header() writes the fixed header', () => {
    const text = Buffer.from(packet(59, 7)).toString('hex');
    expect(text).to.equal(`6abcdef000013b03${'01'.repeat(16)}${'02'.repeat(16)}07`);
    expect(ipv6Fault(packet(59, 7), 0, 41, 41)).to.equal(null);
  });

  const chains: readonly (readonly [string, Uint8Array, number, number])[] = [
    ['none', packet(6), 6, 40],
    ['hop-by-hop, routing and options', packet(0, ...pad(43), ...pad(60), ...pad(17)), 17, 64],
    [
      'an authentication header, which counts in words',
      packet(51, 6, 1, ...new Array<number>(10).fill(0)),
      6,
      52,
    ],
    ['an end without upper layer', packet(0, ...pad(59)), 59, 48],
    ['ESP, which hides the rest', packet(60, ...pad(50)), 50, 48],
  ];
  for (const [what, bytes, protocol, transportStart] of chains)
    it(`walkExtensions() walks ${what}`, () => {
      expect(walk(bytes)).to.include({ fault: null, protocol, transportStart });
    });

  it('walkExtensions() stops at the payload of a later fragment', () => {
    const header = buildFragmentHeader(60, 8, false, 0x01020304);
    expect(walk(packet(44, ...header, ...pad(17)))).to.include({
      fault: null,
      protocol: 60,
      transportStart: 48,
      isFragment: true,
      fragmentOffset: 8,
      moreFragments: false,
      fragmentId: 0x01020304,
    });
  });

  it('walkExtensions() goes on after the header of a first fragment', () => {
    const header = buildFragmentHeader(60, 0, true, 1);
    expect(walk(packet(44, ...header, ...pad(17)))).to.include({
      protocol: 17,
      transportStart: 56,
    });
  });

  it('findFragmentHeader() finds it behind other headers', () => {
    const header = buildFragmentHeader(17, 0, true, 1);
    const options = [44, 0, 1, 4, 0, 0, 0, 0];
    expect(findFragmentHeader(packet(44, ...header))).to.deep.equal({ at: 40, nextField: 6 });
    expect(findFragmentHeader(packet(0, ...options, ...header))).to.deep.equal({
      at: 48,
      nextField: 40,
    });
    expect(findFragmentHeader(packet(17, ...header))).to.equal(null);
    expect(findFragmentHeader(packet(0, ...options))).to.equal(null);
  });
});
