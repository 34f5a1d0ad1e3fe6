import { expect } from 'chai';
import { buildGrammar } from '../../../src/wire/protocol/build-grammar.ts';
import type { Member } from '../../../src/wire/protocol/grammar.ts';
import { isLeaf, layoutsOf } from '../../../src/wire/protocol/nesting.ts';
import { protocolOf } from './protocols.ts';

const TEXT = `protocol: p
frame: chunk
message: m
layouts:
  m:
    - kind: uint8
    - one: { struct: s }
    - many: { list: s, count: kind }
    - some: { choice: kind, cases: { 1: s, 2: t, 3: s } }
    - rest: bytes
  s: [{ a: uint8 }]
  t: [{ b: uint8 }]
`;

describe('wire/protocol/nesting', () => {
  const { members } = buildGrammar(protocolOf(TEXT).spec).roots.client.layout;
  const namesOf = (member: Member): string[] => layoutsOf(member).map(({ name }) => name);

  it('tells fields that hold others from those that hold a value', () => {
    expect(members.filter(isLeaf).map(({ name }) => name)).to.deep.equal(['kind', 'rest']);
  });

  it('gives the layouts of which a field has one, each once, and none of a list', () => {
    expect(members.map(namesOf)).to.deep.equal([[], ['s'], [], ['s', 't', 'body'], []]);
  });
});
