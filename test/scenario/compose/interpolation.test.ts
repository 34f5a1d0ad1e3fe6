import { expect } from 'chai';
import fc from 'fast-check';
import { expandVariables } from '../../../src/scenario/compose/interpolation.ts';

const VALUES: Readonly<Record<string, string>> = { SET: 'value', EMPTY: '' };
const expand = (text: string): string => {
  const expanded = expandVariables(text, (name) => VALUES[name], 1000);
  return expanded.ok ? expanded.value.text : `${expanded.error.kind}: ${expanded.error.message}`;
};

describe('expandVariables()', () => {
  for (const [text, found] of [
    ['$SET-${SET}', 'value-value'],
    ['$$SET $${SET}', '$SET ${SET}'],
    ['${EMPTY:-x}|${EMPTY-x}|${NONE:-x}|${NONE-x}|${SET:-x}', 'x||x|x|value'],
    ['${EMPTY:+x}|${EMPTY+x}|${NONE:+x}|${NONE+x}|${SET:+x}', '|x|||x'],
    ['${SET:?no}|${EMPTY?no}', 'value|'],
    ['${NONE:-${EMPTY:-${SET}}}', 'value'],
    ['${SET:-${NONE:?unasked}}', 'value'],
    ['${NONE:?say why}', 'required: say why'],
    ['${EMPTY:?say why}', 'required: say why'],
    ['${', 'syntax: Expected the name of a variable behind "${"'],
    ['$1', 'syntax: Expected the name of a variable behind "$"'],
    ['${SET', 'syntax: Expected "}" or one of ":-", ":?", ":+" behind "${SET"'],
    ['${SET:-a', 'syntax: A "${" is not closed by "}"'],
  ] as const)
    it(`makes ${JSON.stringify(found)} of ${JSON.stringify(text)}`, () =>
      expect(expand(text)).to.equal(found));

  it('bounds what variables stand for, and how deep they go', () => {
    expect(expand('$SET'.repeat(300))).to.equal('syntax: The text grows too long');
    expect(expand('${NONE:-'.repeat(10_000))).to.match(/^syntax: More than 16/);
  });

  it('leaves texts without a dollar sign alone, and never throws', () => {
    fc.assert(
      fc.property(fc.string(), (text) => {
        const found = expand(text);
        if (!text.includes('$')) expect(found).to.equal(text);
      }),
    );
  });
});
