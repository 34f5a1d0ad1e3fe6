// Questions to fields of messages as they are read.
import { expect } from 'chai';
import type { FieldTest, TestValue } from '../../../../src/model/relay.ts';
import type { ProtocolSpec } from '../../../../src/model/protocol.ts';
import { compileFieldTest } from '../../../../src/roles/relay/rules/field-test.ts';
import { fromHex } from '../../../../src/wire/bytes.ts';
import { compileProtocol } from '../../../../src/wire/protocol/compile-protocol.ts';
import { MEMO } from '../playbook.ts';

const ENTRIES: ProtocolSpec = {
  ...MEMO,
  frame: { kind: 'chunk' },
  type: null,
  layouts: {
    memo: {
      fields: [
        { name: 'kind', type: { kind: 'uint', bits: 8, enum: 'kinds' } },
        { name: 'flags', type: { kind: 'uint', bits: 8, enum: 'flags', flags: true } },
        { name: 'wide', type: { kind: 'uint', bits: 64 } },
        { name: 'mac', type: { kind: 'mac' } },
        { name: 'v4', type: { kind: 'ipv4' } },
        { name: 'v6', type: { kind: 'ipv6' } },
        { name: 'name', type: { kind: 'string', size: 8 } },
        { name: 'digits', type: { kind: 'text', until: '\n' } },
        { name: 'blob', type: { kind: 'bytes', size: 4 } },
        { name: 'items', type: { kind: 'list', of: 'item', size: 'rest' } },
      ],
    },
    item: { fields: [{ name: 'port', type: { kind: 'uint', bits: 16 } }] },
  },
  enums: { kinds: { ADD: 1, DELETE: 2 }, flags: { SEND: 1, CHECK: 2, RESET: 4 } },
};

const BYTES = fromHex(
  '01 05 ffffffffffffffff 02005e100001 0a010203 20010db8000000000000000000000001 ' +
    '6873742d3100 0000 313233340a 00deadbe 0001 0002 0007',
);

const protocol = compileProtocol(ENTRIES);

const asks = (path: string, values: readonly TestValue[], not = false): boolean => {
  const test: FieldTest = { path, values, not };
  const [once, often] = [true, false].map((isAskedOnce) =>
    compileFieldTest(test)({
      read: () => protocol.read(BYTES, 'client'),
      miss: () => undefined,
      isAskedOnce,
    }),
  );
  expect(once).to.equal(often);
  return once === true;
};

const number = (low: bigint | number, high = low): TestValue => ({ kind: 'number', low, high });
const text = (pattern: string): TestValue => ({ kind: 'text', pattern });
const prefix = (written: string): TestValue => ({ kind: 'prefix', prefix: written });

describe('roles/relay/rules/field-test', () => {
  for (const [path, value, expected] of [
    ['kind', number(1), true],
    ['kind', number(2, 9), false],
    ['kind', text('ADD'), true],
    ['kind', text('DELETE'), false],
    ['kind', text('A*'), true],
    ['wide', number(2n ** 64n - 1n), true],
    ['wide', number(0, 2 ** 53), false],
    ['flags', { kind: 'bits', mask: 4 }, true],
    ['flags', { kind: 'bits', mask: 6 }, false],
    ['flags', text('SEND+RESET'), true],
    ['mac', text('02:00:5e:10:00:01'), true],
    ['v4', text('10.1.2.3'), true],
    ['v4', prefix('10.1.0.0/16'), true],
    ['v4', prefix('10.2.0.0/16'), false],
    ['v4', prefix('2001:db8::/32'), false],
    ['v6', prefix('2001:db8::/32'), true],
    ['mac', prefix('10.0.0.0/8'), false],
    ['kind', prefix('0.0.0.0/0'), false],
    ['name', text('hst-*'), true],
    ['name', { kind: 'regex', source: '^h.t-\\d$' }, true],
    ['name', { kind: 'regex', source: '^x' }, false],
    ['kind', { kind: 'regex', source: '^(ADD|DELETE)$' }, true],
    ['digits', number(1000, 2000), true],
    ['name', number(0, 1e9), false],
    ['blob', { kind: 'bytes', hex: 'dead' }, true],
    ['blob', { kind: 'bytes', hex: 'beef' }, false],
    ['blob', { kind: 'regex', source: '\\xde\\xad' }, true],
    ['name', { kind: 'bytes', hex: '6873' }, true],
    ['name', { kind: 'present' }, true],
    ['items[2]', { kind: 'present' }, true],
    ['items[3]', { kind: 'present' }, false],
    ['items[*].port', number(7), true],
    ['items[*].port', number(8), false],
    ['items[0].port', number(7), false],
    ['absent', number(0), false],
  ] as const)
    it(`compileFieldTest() asks whether ${path} is ${JSON.stringify(value, bigints)}: ${expected}`, () => {
      expect(asks(path, [value])).to.equal(expected);
      expect(asks(path, [value], true)).to.equal(!expected);
    });

  it('compileFieldTest() is satisfied by any value', () => {
    expect(asks('kind', [number(9), text('DEL*'), number(1)])).to.equal(true);
    expect(asks('kind', [number(9), text('ADD')], true)).to.equal(false);
  });
});

function bigints(_key: string, value: unknown): unknown {
  return typeof value === 'bigint' ? String(value) : value;
}
