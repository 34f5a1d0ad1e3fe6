import { expect } from 'chai';
import fc from 'fast-check';
import { readJson } from '../../../src/scenario/inventory/read-json.ts';
import { type Tree, toData, treeAt } from '../../../src/scenario/source/tree.ts';

const read = (text: string): Tree => {
  const json = readJson('x.json', text);
  if (!json.ok) throw new Error(json.error.message);
  return json.value;
};

describe('readJson()', () => {
  it('reads whatever JSON.stringify() writes', () => {
    fc.assert(
      fc.property(fc.jsonValue({ maxDepth: 4 }), (value) => {
        const text = JSON.stringify(value, null, 2);
        if (text.includes('__proto__')) return;
        expect(toData(read(text))).to.deep.equal(JSON.parse(text));
      }),
    );
  });

  it('knows where each value stands', () => {
    const tree = read('{\n  "a": [1, "two"]\n}');
    expect(treeAt(tree, ['a', 1])?.span).to.deep.equal({
      file: 'x.json',
      line: 2,
      column: 12,
      length: 5,
    });
  });

  const FAULTS: readonly (readonly [string, string])[] = [
    ['{"a": }', '1:7 Expected a JSON value'],
    ['{"a" 1}', '1:6 Expected ":" behind the key'],
    ['[1 2]', '1:4 Expected "," or "]"'],
    ['[1,]', '1:4 Expected a JSON value'],
    ['{} x', '1:4 Expected nothing behind the JSON value'],
    ['{"a": 1', '1:8 Expected "," or "}", found the end'],
    ['"\n"', '1:1 Expected a text that ends on its line'],
    ['['.repeat(70), '1:66 Expected at most 64 maps and lists within each other'],
  ];
  for (const [text, wished] of FAULTS)
    it(`says what is wrong with ${JSON.stringify(text.slice(0, 20))}`, () => {
      const json = readJson('x.json', text);
      expect(json.ok).to.equal(false);
      if (!json.ok)
        expect(`${json.error.span.line}:${json.error.span.column} ${json.error.message}`).to.equal(
          wished,
        );
    });

  it('never throws', () => {
    fc.assert(
      fc.property(fc.string(), (text) => {
        readJson('x.json', text);
        readJson('x.json', `{"${text}`);
      }),
    );
  });
});
