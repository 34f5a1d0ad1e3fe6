import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { parseSetting, readParams } from '../../src/cli/params.ts';
import { Fault } from '../../src/base/fault.ts';
import type { Input } from '../../src/cli/verb.ts';
import { VERBS } from '../../src/cli/verbs.ts';
import { expect } from 'chai';
import { join } from 'node:path';
import { makeInput } from '../../src/cli/input.ts';
import { tmpdir } from 'node:os';

describe('parseSetting()', () => {
  it('splits at the first equals sign', () => {
    expect(parseSetting('a=b=c', '--set')).to.deep.equal(['a', 'b=c']);
    expect(parseSetting('a=', '--set')).to.deep.equal(['a', '']);
  });
  for (const text of ['a', '=b', ''])
    it(`refuses ${JSON.stringify(text)}`, () => {
      expect(() => parseSetting(text, '--set')).to.throw('Expected "name=value" in --set');
    });
});

describe('readParams()', () => {
  let folder: string;
  beforeEach(() => {
    folder = mkdtempSync(join(tmpdir(), 'params-'));
  });
  afterEach(() => rmSync(folder, { recursive: true }));
  const withFile = (text: string, set: string[] = []): Input => {
    const file = join(folder, 'params.yaml');
    writeFileSync(file, text);
    const given = new Map([
      ['params', [file]],
      ['set', set],
    ]);
    return makeInput(
      VERBS.find((verb) => verb.name === 'apply')!,
      [],
      [],
      given,
      {},
    );
  };

  it('reads YAML, and lets --set win', () => {
    const input = withFile('sni: a.example\ncount: 3\ncensor: false\n', ['count=4']);
    expect(readParams(input)).to.deep.equal({
      sni: 'a.example',
      count: '4',
      censor: 'false',
    });
  });

  it('reads an empty file as no parameters', () => {
    expect(readParams(withFile(''))).to.deep.equal({});
  });

  const wrong: [string, string][] = [
    ['- a\n', 'Expected a mapping'],
    ['a: [1]\n', 'for parameter "a"'],
    ['a: "\n', 'are not YAML'],
  ];
  for (const [text, message] of wrong)
    it(`refuses ${JSON.stringify(text)}`, () => {
      expect(() => readParams(withFile(text)))
        .to.throw(Fault, message)
        .with.property('kind', 'usage');
    });

  it('says which file is not there', () => {
    const given = new Map([['params', ['/nowhere.yaml']]]);
    const input = makeInput(
      VERBS.find((verb) => verb.name === 'apply')!,
      [],
      [],
      given,
      {},
    );
    expect(() => readParams(input)).to.throw('"/nowhere.yaml" is not there');
  });

  it('names the variable when a setting comes from the environment', () => {
    const verb = VERBS.find(({ name }) => name === 'apply')!;
    const input = makeInput(verb, [], [], new Map(), { RUNNER_SET: 'nonsense' });
    expect(() => readParams(input))
      .to.throw('in RUNNER_SET, found "nonsense"')
      .with.property('help')
      .include('unset RUNNER_SET');
  });
});
