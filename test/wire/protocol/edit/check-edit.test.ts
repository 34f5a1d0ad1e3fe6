import { expect } from 'chai';
import type { FieldEdit, ListEdit } from '../../../../src/model/relay.ts';
import { shipped } from '../protocols.ts';
import { flow } from './flow.ts';

const set = (path: string, value: string | number): FieldEdit => ({ kind: 'set', path, value });
const anything = { low: null, high: null, prefix: null } as const;

describe('checkEdit()', () => {
  const FAULTS: readonly (readonly [FieldEdit | ListEdit, string])[] = [
    [set('items[', 1), 'The path "items[" cannot be read from "[" on'],
    [
      set('match.eth_tpe', 'ARP'),
      '"match.eth_tpe" is no field of messages of type FLOW_MOD or NOTE: did you mean "match.eth_type"?',
    ],
    [
      set('instructions[0].actions[*].prt', 1),
      '"instructions[0].actions[*].prt" is no field of messages of type FLOW_MOD or NOTE: did you mean "instructions[0].actions[*].port"?',
    ],
    [
      set('mathc.eth_type', 'ARP'),
      '"mathc" is no field of messages of type FLOW_MOD or NOTE: did you mean "match.eth_type"?',
    ],
    [set('table[0]', 1), '"table[0]" is no field of messages of type FLOW_MOD or NOTE'],
    [
      set('length', 9),
      '"length" is guarded: a session ends where it is edited, so that it needs "unsafe: true"',
    ],
    [set('command', 'AD'), '"command" has no word "AD": did you mean "ADD"?'],
    [set('command', 'NUKE'), '"command" has no word "NUKE": expected ADD, MODIFY, DELETE'],
    [
      set('command', 3),
      '"command" has no word for 3, so that it needs "unsafe: true": expected ADD, MODIFY, DELETE',
    ],
    [set('table', 128), '"table" has 7 bits: expected 0 to 127, found 128'],
    [
      set('cookie', '0x1ffffffffffffffff'),
      '"cookie" is a number of 64 bits, not "0x1ffffffffffffffff"',
    ],
    [set('label', 'seven77'), '"label" has room for 6 bytes, found 7'],
    [set('label', '\u20ac'), '"label" is text of Latin-1, which "\u20ac" is not'],
    [set('reserved', 'xx'), '"reserved" is bytes: expected hexadecimal digits, found "xx"'],
    [set('match.ipv4_src', 'fd00::1'), '"match.ipv4_src" is an IPv4 address, not "fd00::1"'],
    [
      { kind: 'add', path: 'match.ipv4_src', value: 1 },
      '"match.ipv4_src" is an IPv4 address, for which there is no "add": expected set, mask, random',
    ],
    [
      { kind: 'add', path: 'command', value: 1 },
      '"command" is a number with words, for which there is no "add" unless "unsafe: true": expected set, swap',
    ],
    [
      { kind: 'or', path: 'out_port', value: 1 },
      '"out_port" is a number with words, for which there is no "or": expected set, add, xor, random, bitflip, boundary, swap',
    ],
    [
      { kind: 'add', path: 'xid', value: 'one' },
      '"xid" is a number, to which "one" cannot be added',
    ],
    [
      { kind: 'random', path: 'xid', low: 9, high: 8, prefix: null },
      '"xid" is drawn from 9 to 8, which is nothing',
    ],
    [
      { kind: 'random', path: 'xid', low: null, high: null, prefix: '10.0.0.0/8' },
      '"xid" is a number, of which no prefix can be drawn',
    ],
    [
      { kind: 'random', path: 'match.ipv4_src', low: 1, high: null, prefix: null },
      '"match.ipv4_src" is an address: expected a prefix to draw from',
    ],
    [
      { kind: 'random', path: 'match.ipv4_src', low: null, high: null, prefix: '10.0.0.0' },
      '"match.ipv4_src": Expected a prefix such as "10.0.0.0/24" or "fd00::/64", found "10.0.0.0"',
    ],
    [
      {
        kind: 'random',
        path: 'match.eth_dst',
        low: null,
        high: null,
        prefix: '02:00:00:00:00:00/x',
      },
      '"match.eth_dst" has 48 bits: expected at most so many to keep',
    ],
    [
      { kind: 'random', path: 'label', low: 1, high: 2, prefix: null },
      '"label" is no number, of which ends or a prefix can be said',
    ],
    [
      { kind: 'mask', path: 'match.ipv4_src', bits: 33 },
      '"match.ipv4_src" has 32 bits: expected at most so many to keep',
    ],
    [{ kind: 'bitflip', path: 'table', bits: 8 }, '"table" has 7 bits: 8 cannot be flipped'],
    [
      { kind: 'bitflip', path: 'label', bits: 0.5 },
      '"label": "bits" of "bitflip" is a whole number, which 0.5 is not',
    ],
    [
      { kind: 'delete', path: 'label', at: -1, bytes: 1 },
      '"label": "at" of "delete" is a whole number, which -1 is not',
    ],
    [
      { kind: 'insert', path: 'label', at: 0, hex: 'abc' },
      '"label" takes bytes: expected hexadecimal digits, found "abc"',
    ],
    [
      { kind: 'swap', path: 'urgent', to: 'illegal' },
      '"urgent" has 1 bits, and each number of them has a word',
    ],
    [{ kind: 'remove', path: 'xid' }, '"xid" is no element of a list: "remove" is for those'],
    [
      { kind: 'repeat', path: 'items[0]', times: 1.5 },
      '"items[0]" is repeated a number of times, which 1.5 is not',
    ],
    [
      { kind: 'shuffle', path: 'items[0]', how: 'random' },
      '"items[0]" is no list, whose elements could be put in another order',
    ],
  ];
  for (const [edit, sentence] of FAULTS)
    it(`refuses ${edit.kind} of ${edit.path}: ${sentence}`, () => {
      expect(flow.check(edit, ['FLOW_MOD', 'NOTE'], false)).to.equal(sentence);
    });

  const LEGAL: readonly (FieldEdit | ListEdit)[] = [
    set('command', 'DELETE'),
    set('out_port', 7),
    set('mini', 'SEND+CHECK'),
    set('match.eth_type', 0x88cc),
    set('match.eth_dst.mask', 'ffffff000000'),
    set('match[0].class', 0x8000),
    set('match.ipv6_src', 'fd00::1'),
    set('match.99.value', '00'),
    set('instructions[*].actions[0].port', 'CONTROLLER'),
    set('items[3]', '01ff'),
    set('cookie', '18446744073709551615'),
    { kind: 'add', path: 'xid', value: -1 },
    { kind: 'add', path: 'out_port', value: '0x10' },
    { kind: 'toggle', path: 'mini', value: 'RESET' },
    { kind: 'and', path: 'cookie', value: '0xff' },
    { kind: 'swap', path: 'command', to: 'illegal' },
    {
      kind: 'random',
      path: 'match.eth_dst',
      low: null,
      high: null,
      prefix: '02:00:00:00:00:00/24',
    },
    { kind: 'random', path: 'out_port', low: 1, high: 48, prefix: null },
    { kind: 'random', path: 'items[0].data', ...anything },
    { kind: 'mask', path: 'match.ipv4_src', bits: '255.255.0.255' },
    { kind: 'havoc', path: 'instructions', edits: 3 },
    { kind: 'remove', path: 'match.eth_type' },
    { kind: 'repeat', path: 'instructions[0].actions[*]', times: 2 },
    { kind: 'shuffle', path: 'match', how: 'random' },
  ];
  for (const edit of LEGAL)
    it(`takes ${edit.kind} of ${edit.path}`, () => {
      const wanted = edit.path === 'match' ? '"match" is no list' : null;
      const found = flow.check(edit, ['FLOW_MOD', 'NOTE'], false);
      expect(found?.slice(0, wanted?.length) ?? null).to.equal(wanted);
    });

  it('lets unsafe edits be', () => {
    for (const edit of [
      set('length', 3),
      set('type', 99),
      set('command', 9),
      { kind: 'add', path: 'command', value: 1 } as const,
    ])
      expect(flow.check(edit, [], true), edit.path).to.equal(null);
    expect(flow.check(set('command', 256), [], true)).to.equal(
      '"command" has 8 bits: expected 0 to 255, found 256',
    );
  });

  it('knows which fields the messages of a type have', () => {
    expect(flow.check(set('count', 1), ['NOTE'], false)).to.equal(null);
    expect(flow.check(set('count', 1), ['FLOW_MOD', 'NOTE'], false)).to.equal(null);
    expect(flow.check(set('count', 1), ['FLOW_MOD'], false)).to.equal(
      '"count" is no field of messages of type FLOW_MOD',
    );
    expect(flow.check(set('coutn', 1), [], false)).to.equal(
      '"coutn" is no field of any message: did you mean "count"?',
    );
    expect(flow.check(set('count', 1), ['NOT'], false)).to.equal(
      'flow has no messages of type "NOT": did you mean "NOTE"?',
    );
    expect(flow.check(set('body', '00'), ['77'], false)).to.equal(null);
  });

  it('knows the protocols that are shipped', () => {
    const LEGAL_BY_NAME: readonly (readonly [string, string, FieldEdit | ListEdit])[] = [
      ['http', 'message', set('headers.User-Agent', 'x')],
      ['http', 'message', { kind: 'remove', path: 'headers.Host' }],
      ['http', 'message', { kind: 'shuffle', path: 'headers', how: 'random' }],
      ['http', 'message', set('status', '503')],
      ['dns', 'RESPONSE', set('answers[*].address', '10.0.0.1')],
      ['dns', 'QUERY', set('questions[0].name', 'x.test')],
      ['tls', 'handshake', set('handshake.client_hello.extensions.server_name.names[0].host', 'x')],
      ['tls', 'handshake', { kind: 'remove', path: 'handshake.client_hello.extensions.alpn' }],
      ['tls', 'alert', set('description', 'unknown_ca')],
      ['lines', 'message', { kind: 'havoc', path: 'line', edits: 2 }],
    ];
    for (const [name, type, edit] of LEGAL_BY_NAME)
      expect(shipped(name).check(edit, [type], false), `${name} ${edit.path}`).to.equal(null);
    expect(shipped('tls').check(set('description', 'unknown_ca'), ['handshake'], false)).to.equal(
      '"description" is no field of messages of type handshake',
    );
    const typo = set('handshake.client_hello.extensions.sever_name.names[0].host', 'x');
    expect(shipped('tls').check(typo, ['handshake'], false)).to.equal(
      '"handshake.client_hello.extensions.sever_name" is no field of messages of type handshake: did you mean "handshake.client_hello.extensions.server_name.names[0].host"?',
    );
  });
});
