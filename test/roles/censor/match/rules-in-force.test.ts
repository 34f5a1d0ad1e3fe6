import { expect } from 'chai';
import { DEFAULT_CENSOR } from '../../../../src/model/censor-defaults.ts';
import type { CensorProgram, CensorRule } from '../../../../src/model/censor.ts';
import { RulesInForce } from '../../../../src/roles/censor/match/rules-in-force.ts';
import { PacketView } from '../../../../src/wire/packet.ts';
import { DROP, sniRule } from '../playbook.ts';

const PROGRAM: CensorProgram = {
  argv: ['./program'],
  files: {},
  match: { all: [] },
  actions: {},
  params: {},
  timeout: 100,
  window: 8,
};

const inForce = (rules: readonly CensorRule[], program?: CensorProgram): RulesInForce =>
  new RulesInForce(
    { ...DEFAULT_CENSOR, rules, ...(program && { program }) },
    1,
    new PacketView(),
    null,
  );

describe('roles/censor/match/rules-in-force', () => {
  it('replace() puts others in their place, and counts', () => {
    const rules = inForce([sniRule(DROP)]);
    const { book, matcher } = rules;
    rules.replace({ ...DEFAULT_CENSOR, rules: [sniRule(DROP, { name: 'other' })] });
    expect([...rules.names]).to.deep.equal(['other']);
    expect(rules).to.include({ generation: 1, blindUntil: 0 });
    expect(rules.book).to.not.equal(book);
    expect(rules.matcher).to.not.equal(matcher);
  });

  it('turn() makes what flows have said so far unknown', () => {
    const rules = inForce([sniRule(DROP)]);
    const { book } = rules;
    rules.turn();
    expect(rules).to.include({ generation: 1, blindUntil: 1, book });
  });

  it('program is the rule behind all others, and no name of the scenario', () => {
    expect(inForce([sniRule(DROP)]).program).to.equal(undefined);
    const rules = inForce([sniRule(DROP)], PROGRAM);
    expect(rules.program).to.include({ index: 1, isProgram: true });
    expect([...rules.names]).to.deep.equal(['forbidden']);
  });
});
