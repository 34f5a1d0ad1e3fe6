import { expect } from 'chai';
import { Faults } from '../../../src/scenario/faults.ts';
import { readYaml } from '../../../src/scenario/source/read-yaml.ts';
import { type Tree, toData } from '../../../src/scenario/source/tree.ts';
import { compileText, placesOf } from '../compile-text.ts';

/** Far more than any of these takes, far less than what they would cost if nothing bounded them. */
const BOUND = 8000;

function read(text: string): { tree: Tree | undefined; codes: string[] } {
  const faults = new Faults();
  const tree = readYaml('lab.yaml', text, faults);
  return { tree, codes: faults.sorted(['lab.yaml']).map(({ code }) => code) };
}

const repeat = (text: string, bytes: number): string => text.repeat(Math.ceil(bytes / text.length));
const MEGABYTE = 1024 * 1024;

const HOSTILE: readonly (readonly [string, string, readonly string[]])[] = [
  ['fifty megabytes', repeat('a: b\n', 50 * MEGABYTE), ['S001']],
  ['a text of three bytes a letter', repeat('€', 360_000), ['S001']],
  ['a megabyte of brackets', repeat('[', MEGABYTE - 10), ['S008']],
  ['a megabyte of braces', `a: ${repeat('{a: ', MEGABYTE - 10)}`, ['S008']],
  ['a megabyte of dashes', repeat('- ', MEGABYTE - 10), ['S008']],
  ['a megabyte of question marks', repeat('? ', MEGABYTE - 10), ['S008']],
  [
    'a staircase of maps',
    Array.from({ length: 1000 }, (_, depth) => `${' '.repeat(depth)}a:\n`).join(''),
    ['S008'],
  ],
  [
    'the billion laughs',
    Array.from({ length: 30 }, (_, index) =>
      index === 0 ? 'a0: &a0 [x, x]' : `a${index}: &a${index} [*a${index - 1}, *a${index - 1}]`,
    ).join('\n'),
    ['S009'],
  ],
  ['ten thousand aliases', `a: &a x\nb: [${repeat('*a, ', 40_000)}]`, ['S009']],
];

describe('readYaml()', () => {
  for (const [name, text, codes] of HOSTILE)
    it(`refuses ${name} in bounded time`, () => {
      expect(read(text).codes).to.deep.equal(codes);
    }).timeout(BOUND);

  it('finds a hundred thousand keys that are written twice in bounded time', () => {
    const keys = Array.from({ length: 60_000 }, (_, index) => `k${index}: 1\n`).join('');
    expect(read(`${keys}k59999: 2\n`).codes).to.deep.equal(['S003']);
  }).timeout(BOUND);

  it('keeps what "__proto__" would have changed as it was', () => {
    const { tree, codes } = read('__proto__: { polluted: true }\nname: lab\n');
    expect(codes).to.deep.equal(['S004']);
    expect(tree && toData(tree)).to.deep.equal({ name: 'lab' });
    expect(({} as Record<string, unknown>)['polluted']).to.equal(undefined);
  });

  it('takes a quoted "<<" for the name that it is', () => {
    expect(read('"<<": 1\n').codes).to.deep.equal([]);
  });

  it('shares what an alias repeats', () => {
    const { tree } = read('a: &a { b: 1 }\nc: *a\n');
    expect(tree && toData(tree)).to.deep.equal({ a: { b: 1 }, c: { b: 1 } });
  });

  it('takes a byte order mark and Windows line ends', () => {
    const { tree, codes } = read('\uFEFFa: 1\r\nb: x\r\n');
    expect(codes).to.deep.equal([]);
    expect(tree && toData(tree)).to.deep.equal({ a: 1, b: 'x' });
  });

  it('takes "on" for text and "true" for a boolean, as YAML 1.2 does', () => {
    const { tree } = read('on: on\nyes: no\nt: true\n');
    expect(tree && toData(tree)).to.deep.equal({ on: 'on', yes: 'no', t: true });
  });

  it('does not flood: a megabyte of faults is a thousand', () => {
    const text = `version: 1\nname: lab\nhosts: { a: {}, b: {} }\nnetworks:\n  n: { members: [${repeat('x, ', 400_000)}] }\n`;
    expect(placesOf(compileText(text))).to.have.length.below(1001);
  }).timeout(BOUND * 2);
});
