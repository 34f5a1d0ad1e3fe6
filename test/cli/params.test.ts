import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { parseSetting, readParams } from '../../src/cli/params.ts';
import type { Input } from '../../src/cli/verb.ts';
import { VERBS } from '../../src/cli/verbs.ts';
import { expect } from 'chai';
import { join } from 'node:path';
import { makeInput } from '../../src/cli/input.ts';
import { tmpdir } from 'node:os';

describe('parseSetting()', () => {
  it('splits at the first equals sign', () => {
    expect(parseSetting('a=b=c')).to.deep.equal(['a', 'b=c']);
    expect(parseSetting('a=')).to.deep.equal(['a', '']);
  });
  for (const text of ['a', '=b', ''])
    it(`refuses ${JSON.stringify(text)}`, () => {
      expect(() => parseSetting(text)).to.throw('Expected "--set name=value"');
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

  it('reads YAML, and lets --set win', async () => {
    const input = withFile('sni: a.example\ncount: 3\ncensor: false\n', ['count=4']);
    expect(await readParams(input)).to.deep.equal({
      sni: 'a.example',
      count: '4',
      censor: 'false',
    });
  });

  it('reads an empty file as no parameters', async () => {
    expect(await readParams(withFile(''))).to.deep.equal({});
  });

  const wrong: [string, string][] = [
    ['- a\n', 'Expected a mapping'],
    ['a: [1]\n', 'for parameter "a"'],
    ['a: "\n', 'are not YAML'],
  ];
  for (const [text, message] of wrong)
    it(`refuses ${JSON.stringify(text)}`, async () => {
      const error: unknown = await readParams(withFile(text)).catch((thrown: unknown) => thrown);
      expect(error).to.include({ kind: 'usage' }).and.property('message').include(message);
    });

  it('says which file is not there', async () => {
    const given = new Map([['params', ['/nowhere.yaml']]]);
    const input = makeInput(
      VERBS.find((verb) => verb.name === 'apply')!,
      [],
      [],
      given,
      {},
    );
    const error: unknown = await readParams(input).catch((thrown: unknown) => thrown);
    expect(String(error)).to.include('"/nowhere.yaml" cannot be read');
  });
});
