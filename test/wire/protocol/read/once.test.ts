import { expect } from 'chai';
import { buildGrammar } from '../../../../src/wire/protocol/build-grammar.ts';
import { isOnce } from '../../../../src/wire/protocol/read/once.ts';
import { flow } from '../edit/flow.ts';
import { protocolOf } from '../protocols.ts';

describe('isOnce()', () => {
  const { layout } = buildGrammar(flow.spec).roots.client;

  it('counts fields of cases of which a message has one', () => {
    for (const name of ['xid', 'cookie', 'match', 'count', 'body', 'nothing'])
      expect(isOnce(layout, name), name).to.equal(true);
  });

  it('is false where a name comes again, or may be a key', () => {
    const text = (fields: string): string => `protocol: p
frame: chunk
message: m
layouts:
  m: [{ a: uint8 }, { struct: s }]
  s: ${fields}
  e: [{ k: uint8 }]
`;
    const once = (fields: string, name: string): boolean =>
      isOnce(buildGrammar(protocolOf(text(fields)).spec).roots.client.layout, name);
    expect(once('[{ a: uint8 }]', 'a')).to.equal(false);
    expect(once('[{ b: uint8 }]', 'a')).to.equal(true);
    expect(once('[{ list: e, key: k }]', 'a')).to.equal(false);
    expect(once('[{ b: { struct: e } }]', 'k')).to.equal(true);
    expect(once('[{ b: uint8 }, { choice: b, cases: { 1: s } }]', 'b')).to.equal(false);
  });
});
