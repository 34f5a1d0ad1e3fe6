import { expect } from 'chai';
import { fromHex } from '../../../src/wire/bytes.ts';
import type { Protocol } from '../../../src/wire/protocol/contract.ts';
import { documented, protocolOf, shipped } from './protocols.ts';

const typeOf = (protocol: Protocol, hex: string): string => protocol.typeOf(fromHex(hex), 'client');

describe('Protocol.typeOf()', () => {
  it('gives words, numbers without one, and "message" where there is no type', () => {
    expect(typeOf(shipped('dns'), '000c 0007 8180')).to.equal('RESPONSE');
    expect(typeOf(shipped('dns'), '000c 0007 0100')).to.equal('QUERY');
    expect(typeOf(documented(), '10 02 0008')).to.equal('VALUES');
    expect(typeOf(documented(), '10 63 0008')).to.equal('99');
    expect(typeOf(documented(), '10')).to.equal('message');
    expect(typeOf(shipped('raw'), '0102')).to.equal('message');
  });

  const versions = `protocol: p
frame: chunk
message: message
type: head.type
enums: { versions: { ONE: 1, TWO: 2 }, one: { A: 1 }, two: { B: 1, WIDE: 0x10001 } }
layouts:
  message: [{ version: { uint: 8, enum: versions } }, { head: { choice: version, cases: { ONE: one, TWO: two } } }]
  one: [{ type: { uint: 8, enum: one } }]
  two: [{ pad: 1 }, { type: { uint: 32, enum: two } }]
`;

  it('finds the type of each version where it lies', () => {
    const protocol = protocolOf(versions);
    expect(typeOf(protocol, '01 01')).to.equal('A');
    expect(typeOf(protocol, '02 00 00000001')).to.equal('B');
    expect(typeOf(protocol, '02 00 00010001')).to.equal('WIDE');
    expect(typeOf(protocol, '02 00 7fffffff')).to.equal('2147483647');
    expect(typeOf(protocol, '03 00 00')).to.equal('message');
  });

  it('reads the message where the place depends on it', () => {
    const protocol = protocolOf(`protocol: p
frame: chunk
message: message
type: type
layouts:
  message: [{ name: { text: ":" } }, { type: uint8 }]
`);
    expect(typeOf(protocol, '61 62 3a 05')).to.equal('5');
    expect(typeOf(protocol, '61 62')).to.equal('message');
  });
});
