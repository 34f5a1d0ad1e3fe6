import { expect } from 'chai';
import { fromHex, fromLatin1 } from '../../../../src/wire/bytes.ts';
import type { Message } from '../../../../src/wire/protocol/contract.ts';
import { Reader } from '../../../../src/wire/protocol/read/reader.ts';
import { buildGrammar } from '../../../../src/wire/protocol/build-grammar.ts';
import { documented, leavesOf, protocolOf, settingsOf, shipped } from '../protocols.ts';

const thermo = documented();
const read = (hex: string): Message => thermo.read(fromHex(hex), 'client');

/** Two values and a property of "blue" with two bytes of padding. */
const VALUES = '10 02 0016 00000009 0002 0100 0200 02 06 626c7565 0000';

describe('Reader', () => {
  const FAULTS: readonly (readonly [string, string, string])[] = [
    ['a message that is cut', '10 02 0016 0000', 'The message has 6 of 22 bytes'],
    [
      'a length below its own fields',
      '10 02 0003',
      'The message is 3 bytes long as "length" says, and has 4 by then',
    ],
    [
      'fewer elements than counted',
      '10 02 000c 00000009 0002 0100',
      '"values" has 1 of 2 elements',
    ],
    [
      'a property that is shorter than its head',
      '10 02 000e 00000009 0000 02 01 6262',
      '"properties[0]" is 1 bytes long as "properties[0].length" says, and has 2 by then',
    ],
    [
      'a property that is cut',
      '10 02 000e 00000009 0000 02 ff 6262',
      '"properties[0]" has 4 of 255 bytes',
    ],
    [
      'bytes behind all fields',
      '10 01 0012 00000009 020000000001 0000 ffff',
      'The message has 2 bytes behind its fields',
    ],
  ];
  for (const [what, hex, fault] of FAULTS)
    it(`says what is wrong with ${what}, and keeps all bytes`, () => {
      const message = read(hex);
      expect(message.fault).to.equal(fault);
      const last = leavesOf(message).at(-1);
      expect(last?.end).to.equal(message.bytes.length);
    });

  it('finds fields through lists, keys, wildcards and nameless parts', () => {
    const message = read(VALUES);
    expect(message.fault).to.equal(null);
    const values = (path: string): unknown[] => message.find(path).map(({ value }) => value);
    expect(values('values[*].kelvin')).to.deep.equal([256, 512]);
    expect(values('values[1].kelvin')).to.deep.equal([512]);
    expect(values('properties.colour')).to.deep.equal(['blue']);
    expect(values('properties.colour.length')).to.deep.equal([6]);
    for (const path of ['values[2].kelvin', 'properties.place', 'values.kelvin', 'x', 'a['])
      expect(values(path)).to.deep.equal([]);
    expect(message.find('properties[0].content')[0]?.path).to.equal('properties.colour');
  });

  it('knows which sizes, counts and paddings a field lies in', () => {
    const { message } = thermo.spec;
    const root = new Reader(fromHex(VALUES)).read(buildGrammar(thermo.spec).roots.client);
    expect(message.client).to.equal('message');
    const content = root.at([{ kind: 'name', name: 'properties' }])?.children[0]?.children[2];
    const around = [];
    for (let extent = content?.inner ?? null; extent !== null; extent = extent.around)
      around.push([
        extent.start,
        extent.end,
        extent.measure?.field.path,
        extent.align,
        extent.padding,
      ]);
    expect(around).to.deep.equal([
      [14, 20, 'properties[0].length', 4, 2],
      [0, 22, 'length', 1, 0],
    ]);
    const list = root.at([{ kind: 'name', name: 'values' }]);
    expect(list?.inner?.measure).to.include({ counts: 'elements', plus: 0 });
    expect(list?.inner?.measure?.field.path).to.equal('count');
    expect(list?.children[0]?.around).to.equal(list?.inner);
  });

  it('takes Content-Length as the size of the body only where it is', () => {
    const http = shipped('http');
    const body = (head: string): unknown =>
      http.read(fromLatin1(`GET / HTTP/1.1\r\n${head}\r\nabc`), 'client').find('body')[0]?.value;
    for (const head of [
      '',
      'content-length: 3\r\n',
      'Content-Length: 9\r\n',
      'Content-Length: x\r\n',
    ])
      expect(body(head)).to.equal('abc');
  });

  it('knows elements of a nameless list by their keys, and what lies beside their values', () => {
    const oxm = protocolOf(`protocol: p
frame: chunk
message: m
enums: { fields: { eth_type: 5, eth_dst: 3 } }
layouts:
  m: [{ match: { struct: match } }, { next: uint8 }]
  match: { size: length, align: 8, fields: [{ length: uint16 }, { list: oxm, key: field, value: value }] }
  oxm: [{ field: { uint: 7, enum: fields } }, { masked: uint1 }, { length: uint8 }, { choice: field, cases: { eth_type: u16, eth_dst: mac }, size: length }]
  u16: [{ value: uint16 }]
  mac: [{ value: mac }, { choice: masked, cases: { 0: none, 1: mask } }]
  mask: [{ mask: mac }]
  none: []
`);
    const settings = settingsOf({
      'match.eth_type': 0x0800,
      'match.eth_dst': '02:00:00:00:00:01',
      'match.eth_dst.masked': 1,
      'match.eth_dst.mask': 'ff:ff:ff:00:00:00',
      next: 9,
    });
    const bytes = oxm.write('message', settings, 'client');
    expect(Buffer.from(bytes).toString('hex')).to.equal(
      '0014' + '0a020800' + '070c020000000001ffffff000000' + '00000000' + '09',
    );
    const message = oxm.read(bytes, 'client');
    expect(message.fault).to.equal(null);
    for (const { path, value } of settings) {
      const [field, ...others] = message.find(path);
      expect([field?.value, others, path]).to.deep.equal([value, [], path]);
    }
    expect(message.find('match.eth_type')[0]?.path).to.equal('match.eth_type');
    expect(message.find('match[1].mask')[0]?.path).to.equal('match[1].mask');
  });

  it('ends where layouts nest without an end', () => {
    const nested = protocolOf(`protocol: p
frame: chunk
message: m
layouts: { m: [{ a: uint8 }, { inner: { struct: m } }] }
`);
    const message = nested.read(new Uint8Array(100), 'client');
    expect(message.fault).to.match(/nests deeper than 64 layouts/);
    expect(leavesOf(message).at(-1)?.end).to.equal(100);
  });

  it('ends where elements have no bytes', () => {
    const empty = protocolOf(`protocol: p
frame: chunk
message: m
layouts: { m: [{ n: uint32 }, { list: { list: e, count: n } }], e: [{ d: { bytes: 0 } }] }
`);
    const message = empty.read(fromHex('ffffffff 01'), 'client');
    expect(message.fault).to.equal('"list" has elements of no bytes');
  });
});
