import { expect } from 'chai';
import fc from 'fast-check';
import { seededRandom } from '../../../../src/base/random.ts';
import type { FieldEdit, ListEdit } from '../../../../src/model/relay.ts';
import { fromHex, fromLatin1, latin1, toHex } from '../../../../src/wire/bytes.ts';
import type { Field } from '../../../../src/wire/protocol/contract.ts';
import { SETTINGS, leavesOf, settingsOf, shipped, writtenValue } from '../protocols.ts';
import { differing, edit, flow, flowMod, note, said } from './flow.ts';

const set = (path: string, value: string | number): FieldEdit => ({ kind: 'set', path, value });

/** NOTE of two items and a text: 04 0f length xid count (2 0102) (1 aa) "hello". */
const NOTE = '040f001300000000' + '02' + '020102' + '01aa' + '68656c6c6f';

describe('messageEditor()', () => {
  it('starts from a message of known bytes', () => {
    expect(toHex(note)).to.equal(NOTE);
  });

  const RESULTS: readonly (readonly [string, FieldEdit | ListEdit, string])[] = [
    [
      'bytes of another length, and the sizes around them',
      set('items[1].data', 'bbccdd'),
      '040f001500000000' + '02' + '020102' + '03bbccdd' + '68656c6c6f',
    ],
    ['text', set('text', ''), '040f000e00000000' + '02' + '020102' + '01aa'],
    [
      'an insertion, at the end where the place is behind it',
      { kind: 'insert', path: 'items[0].data', at: 9, hex: 'ff' },
      '040f001400000000' + '02' + '030102ff' + '01aa' + '68656c6c6f',
    ],
    [
      'a deletion, as far as there are bytes',
      { kind: 'delete', path: 'text', at: 1, bytes: 99 },
      '040f000f00000000' + '02' + '020102' + '01aa' + '68',
    ],
    [
      'what is kept of a truncated field',
      { kind: 'truncate', path: 'items[*].data', bytes: 1 },
      '040f001200000000' + '02' + '0101' + '01aa' + '68656c6c6f',
    ],
    [
      'an element less, and the count',
      { kind: 'remove', path: 'items[0]' },
      '040f001000000000' + '01' + '01aa' + '68656c6c6f',
    ],
    ['no elements', { kind: 'remove', path: 'items[*]' }, '040f000e00000000' + '00' + '68656c6c6f'],
    [
      'elements more, and the count',
      { kind: 'repeat', path: 'items[1]', times: 2 },
      '040f001700000000' + '04' + '020102' + '01aa01aa01aa' + '68656c6c6f',
    ],
    [
      'elements in another order',
      { kind: 'shuffle', path: 'items', how: 'reverse' },
      '040f001300000000' + '02' + '01aa' + '020102' + '68656c6c6f',
    ],
    ['a count that an edit says', set('count', 1), NOTE.replace('000000000202', '000000000102')],
  ];
  for (const [what, change, hex] of RESULTS)
    it(`makes ${what}`, () => {
      expect(toHex(edit(note, change).bytes)).to.equal(hex);
    });

  it('leaves sizes as they are without fixup', () => {
    const change: FieldEdit = { kind: 'insert', path: 'items[0].data', at: 1, hex: 'ff' };
    expect(toHex(edit(note, change, { fixup: false }).bytes)).to.equal(
      '040f001300000000' + '02' + '0201ff02' + '01aa' + '68656c6c6f',
    );
    const removal: ListEdit = { kind: 'remove', path: 'items[0]' };
    expect(toHex(edit(note, removal, { fixup: false }).bytes)).to.equal(
      '040f001300000000' + '02' + '01aa' + '68656c6c6f',
    );
  });

  it('tells what was changed, by path, word and number', () => {
    const changes = (change: FieldEdit | ListEdit, bytes = flowMod): unknown =>
      edit(bytes, change).changes;
    expect(changes(set('match.eth_type', 'ARP'))).to.deep.equal([
      { field: 'match.eth_type', old: 'IPv4', new: 'ARP' },
    ]);
    expect(changes(set('instructions[0].actions[*].port', 7))).to.deep.equal([
      { field: 'instructions[0].actions[0].port', old: '2', new: '7' },
      { field: 'instructions[0].actions[1].port', old: 'CONTROLLER', new: '7' },
    ]);
    expect(changes({ kind: 'toggle', path: 'mini', value: 'SEND+CHECK' })).to.deep.equal([
      { field: 'mini', old: 'SEND+RESET', new: 'CHECK+RESET' },
    ]);
    expect(changes({ kind: 'repeat', path: 'items[1]', times: 1 }, note)).to.deep.equal([
      { field: 'items[1]', old: '01aa', new: '01aa01aa' },
    ]);
    expect(changes({ kind: 'remove', path: 'match.eth_type' })).to.deep.equal([
      { field: 'match[1]', old: '00000a020800', new: '' },
    ]);
  });

  it('puts padding right with the sizes', () => {
    // Two bytes less in a match of 26 bytes: its padding grows from 6 to 8, which is none.
    const { bytes } = edit(flowMod, { kind: 'remove', path: 'match.eth_type' });
    expect(bytes.length).to.equal(flowMod.length - 8);
    expect(said(bytes, 'match.length')).to.equal('20');
    expect(said(bytes, 'length')).to.equal(String(bytes.length));
    expect(said(bytes, 'instructions[0].actions[0].port')).to.equal('2');
    expect(flow.read(bytes, 'client').fault).to.equal(null);
  });

  it('puts lists in lists right', () => {
    const path = 'instructions[0].actions[0]';
    const { bytes } = edit(flowMod, { kind: 'repeat', path, times: 3 });
    expect(said(bytes, 'instructions[0].length')).to.equal(String(8 + 5 * 16));
    expect(said(bytes, 'length')).to.equal(String(flowMod.length + 3 * 16));
    expect(said(bytes, 'instructions[0].actions[4].port')).to.equal('CONTROLLER');
  });

  it('does not do what no length could say', () => {
    const wide = 'ab'.repeat(256);
    for (const change of [
      set('items[0].data', wide),
      { kind: 'repeat', path: 'items[*]', times: 300 } as const,
      { kind: 'insert', path: 'text', at: 0, hex: 'ab'.repeat(65_536) } as const,
    ])
      expect(edit(note, change), change.kind).to.deep.equal({ bytes: note, changes: [] });
  });

  it('leaves a message whose fields have no such edit, or that has no such field', () => {
    for (const change of [
      set('items[7].data', '00'),
      set('items[', '00'),
      { kind: 'add', path: 'text', value: 1 } as const,
      set('count', 'NONE'),
      { kind: 'remove', path: 'count' } as const,
      { kind: 'shuffle', path: 'count', how: 'reverse' } as const,
    ])
      expect(edit(note, change), change.path).to.deep.equal({ bytes: note, changes: [] });
  });

  it('keeps rooms of fixed size with fixup, and moves what is behind them without', () => {
    const change: FieldEdit = { kind: 'insert', path: 'label', at: 0, hex: '787878787878' };
    expect(edit(flowMod, change).bytes.length).to.equal(flowMod.length);
    expect(said(edit(flowMod, change).bytes, 'label')).to.equal('xxxxxx');
    expect(edit(flowMod, change, { fixup: false }).bytes.length).to.equal(flowMod.length + 6);
  });

  it('writes Content-Length anew, with its own digits', () => {
    const http = shipped('http');
    const head = 'POST / HTTP/1.1\r\nHost: x\r\nContent-Length: ';
    const message = http.read(fromLatin1(`${head}9\r\n\r\n123456789`), 'client');
    const { bytes } = message.edit(set('body', '0123456789ab'), seededRandom(0), true);
    expect(latin1(bytes, 0, bytes.length)).to.equal(`${head}12\r\n\r\n0123456789ab`);
    const host = http.read(bytes, 'client').edit(set('headers.host', ''), seededRandom(0), true);
    expect(latin1(host.bytes, 0, host.bytes.length)).to.equal(
      `${head.replace('Host: x', 'Host: ')}12\r\n\r\n0123456789ab`,
    );
  });

  it('writes out names that point to what has moved', () => {
    const dns = shipped('dns');
    // blocked.example, and an answer whose name points to it and another that points to "example" within it.
    const answer = (name: string): string => `${name} 0001 0001 0000003c 0004 0a000001`;
    const bytes = fromHex(
      `0050 0007 8180 0001 0002 0000 0000 07626c6f636b6564 076578616d706c65 00 0001 0001
       ${answer('c00c')} ${answer('03777777c014')}`,
    );
    const whole = Uint8Array.from(bytes);
    whole[1] = bytes.length - 2;
    const names = (message: Uint8Array): unknown[] => {
      const read = dns.read(message, 'server');
      expect(read.fault).to.equal(null);
      return ['questions[0].name', 'answers[*].name'].flatMap((path) =>
        read.find(path).map(({ value }) => value),
      );
    };
    expect(names(whole)).to.deep.equal(['blocked.example', 'blocked.example', 'www.example']);
    const change = (changed: FieldEdit | ListEdit): Uint8Array =>
      dns.read(whole, 'server').edit(changed, seededRandom(0), true).bytes;
    expect(names(change(set('questions[0].name', 'x.test')))).to.deep.equal([
      'x.test',
      'blocked.example',
      'www.example',
    ]);
    expect(names(change({ kind: 'remove', path: 'questions[0]' }))).to.deep.equal([
      'blocked.example',
      'www.example',
    ]);
    expect(names(change({ kind: 'shuffle', path: 'answers', how: 'reverse' }))).to.deep.equal([
      'blocked.example',
      'www.example',
      'blocked.example',
    ]);
  });

  it('sets each field to what it says, and touches nothing else', () => {
    for (const { protocol, type, side, values } of SETTINGS) {
      const bytes = protocol.write(type, settingsOf(values), side);
      const message = protocol.read(bytes, side);
      for (const field of leavesOf(message)) {
        const again = set(field.path, writtenValue(field));
        const edited = message.edit(again, seededRandom(0), true);
        expect(edited.bytes, `${protocol.spec.protocol} ${field.path}`).to.deep.equal(bytes);
      }
    }
  });

  const numbers = leavesOf(flow.read(flowMod, 'client')).filter(({ type }) => type.kind === 'uint');

  it('reads what was set of a number, and finds no other bit changed', () => {
    fc.assert(
      fc.property(
        fc.constantFrom(...numbers),
        fc.bigInt({ min: 0n, max: 2n ** 64n - 1n }),
        (field, any) => {
          const value = BigInt.asUintN(field.bits, any);
          const { bytes } = edit(flowMod, set(field.path, String(value)));
          const bits = bitsOf(flowMod);
          const from = field.start * 8 + field.bit;
          const expected =
            bits.slice(0, from) +
            value.toString(2).padStart(field.bits, '0') +
            bits.slice(from + field.bits);
          expect(bitsOf(bytes)).to.equal(expected);
        },
      ),
    );
  });

  it('reads a message without fault after any edit of bytes or elements with fixup', () => {
    const paths = ['items[0].data', 'items[1].data', 'text'];
    const change = fc.oneof(
      fc.record({
        kind: fc.constant('set' as const),
        path: fc.constantFrom('items[0].data', 'items[1].data'),
        value: fc.uint8Array({ maxLength: 40 }).map(toHex),
      }),
      fc.record({
        kind: fc.constant('insert' as const),
        path: fc.constantFrom(...paths),
        at: fc.nat(6),
        hex: fc.uint8Array({ maxLength: 40 }).map(toHex),
      }),
      fc.record({
        kind: fc.constant('delete' as const),
        path: fc.constantFrom(...paths),
        at: fc.nat(6),
        bytes: fc.nat(6),
      }),
      fc.record({
        kind: fc.constant('havoc' as const),
        path: fc.constantFrom(...paths),
        edits: fc.nat(9),
      }),
      fc.record({
        kind: fc.constant('repeat' as const),
        path: fc.constantFrom('items[0]', 'items[*]'),
        times: fc.nat(3),
      }),
      fc.record({
        kind: fc.constant('remove' as const),
        path: fc.constantFrom('items[0]', 'items[1]'),
      }),
      fc.record({
        kind: fc.constant('shuffle' as const),
        path: fc.constant('items'),
        how: fc.constantFrom('random' as const, 'reverse' as const),
      }),
    );
    fc.assert(
      fc.property(fc.array(change, { minLength: 1, maxLength: 8 }), fc.nat(), (edits, seed) => {
        let bytes = note;
        const random = seededRandom(seed);
        for (const each of edits) ({ bytes } = edit(bytes, each, { random }));
        const framer = flow.framer('client');
        framer.push(bytes);
        expect(framer.next()).to.deep.equal(bytes);
        expect(framer.waiting).to.equal(0);
        const read = flow.read(bytes, 'client');
        expect(read.fault).to.equal(null);
        expect(leavesOf(read).at(-1)?.end ?? bytes.length).to.equal(bytes.length);
      }),
    );
  });

  it('changes the bytes asked for alone without fixup', () => {
    const fields = leavesOf(flow.read(flowMod, 'client')).filter(isPlain);
    fc.assert(
      fc.property(fc.constantFrom(...fields), fc.nat(), (field, seed) => {
        const kind = field.type.kind === 'uint' ? 'bitflip' : 'random';
        const change: FieldEdit =
          kind === 'bitflip'
            ? { kind, path: field.path, bits: 1 }
            : { kind, path: field.path, low: null, high: null, prefix: null };
        const { bytes } = edit(flowMod, change, { fixup: false, random: seededRandom(seed) });
        for (const at of differing(flowMod, bytes))
          expect(at).to.be.within(field.start, field.end - 1);
      }),
    );
  });
});

const isPlain = ({ type }: Field): boolean => type.kind !== 'pad';

const bitsOf = (bytes: Uint8Array): string =>
  Array.from(bytes, (byte) => byte.toString(2).padStart(8, '0')).join('');
