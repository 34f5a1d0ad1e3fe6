import { expect } from 'chai';
import { compileRule } from '../../../../src/roles/relay/rules/compiled-rule.ts';
import { HookRules } from '../../../../src/roles/relay/rules/hook-rules.ts';
import { rule } from '../playbook.ts';

const rules = [
  rule('one', { types: ['ASK'] }, [{ kind: 'drop' }]),
  rule('any', {}, [{ kind: 'drop' }]),
  rule('two', { types: ['TELL', 'ASK'] }, [{ kind: 'drop' }]),
].map(compileRule);

const names = (hook: HookRules, type: string): readonly string[] =>
  hook.about(type).map(({ rule: { name } }) => name);

describe('roles/relay/rules/hook-rules', () => {
  it('about() gives the rules about a type in the order written', () => {
    const hook = new HookRules(rules);
    expect(names(hook, 'ASK')).to.deep.equal(['one', 'any', 'two']);
    expect(names(hook, 'TELL')).to.deep.equal(['any', 'two']);
    expect(names(hook, 'OTHER')).to.deep.equal(['any']);
    expect(hook.isIdle).to.equal(false);
  });

  it('refresh() leaves out rules that are switched off', () => {
    const own = rules.map((compiled) => ({ ...compiled }));
    const hook = new HookRules(own);
    for (const compiled of own) compiled.isEnabled = compiled.rule.name === 'two';
    hook.refresh();
    expect([names(hook, 'ASK'), names(hook, 'OTHER')]).to.deep.equal([['two'], []]);
    for (const compiled of own) compiled.isEnabled = false;
    hook.refresh();
    expect(hook.isIdle).to.equal(true);
    expect(new HookRules([]).isIdle).to.equal(true);
  });
});
