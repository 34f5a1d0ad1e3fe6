import { readFileSync, readdirSync } from 'node:fs';
import { join } from 'node:path';
import { Ajv2020 } from 'ajv/dist/2020.js';
import { expect } from 'chai';
import { parse } from 'yaml';
import { CODES } from '../../src/scenario/codes.ts';
import { ROOT, repositoryFiles } from './compile-text.ts';

type Schema = Readonly<Record<string, unknown>>;

const isSchema = (value: unknown): value is Schema => typeof value === 'object' && value !== null;

const SCHEMA = JSON.parse(
  readFileSync(join(ROOT, 'schemas/scenario.schema.json'), 'utf8'),
) as Schema;

/** Every property of every map, with the way to it. */
function* properties(schema: Schema, way: string): Generator<readonly [string, Schema]> {
  for (const [key, value] of Object.entries(schema)) {
    if (!isSchema(value)) continue;
    if (key === 'properties')
      for (const [name, property] of Object.entries(value))
        if (isSchema(property)) yield [`${way}.${name}`, property];
    yield* properties(value, `${way}.${key}`);
  }
}

describe('scenario.schema.json', () => {
  it('explains each key and shows how it is written, so that editors can', () => {
    const bare = [...properties(SCHEMA, '')].filter(
      ([, property]) =>
        typeof property['description'] !== 'string' ||
        !Array.isArray(property['examples']) ||
        property['examples'].length === 0,
    );
    expect(bare.map(([way]) => way)).to.deep.equal([]);
  });

  it('has a reference in which nothing is left unsaid', () => {
    const reference = readFileSync(join(ROOT, 'docs/reference/scenario.md'), 'utf8');
    expect(reference).not.to.match(/^undefined$/m);
    expect(reference).to.contain('background: true } } and { name: load, from: client, at: 1s');
  });

  it('accepts the shipped scenarios as they are written, parameters and all', () => {
    const validate = new Ajv2020({
      allowUnionTypes: true,
      strict: true,
      strictRequired: false,
    }).compile(SCHEMA);
    for (const path of repositoryFiles('scenarios', '.yaml')) {
      const data: unknown = parse(readFileSync(join(ROOT, path), 'utf8'));
      expect(validate(data), `${path}: ${JSON.stringify(validate.errors)}`).to.equal(true);
    }
  });
});

describe('CODES', () => {
  it('have a page each', () => {
    const pages = readdirSync(join(ROOT, 'docs/diagnostics')).filter((name) => /^S\d/.test(name));
    expect(pages).to.deep.equal(Object.keys(CODES).map((code) => `${code}.md`));
    for (const [code, title] of Object.entries(CODES)) {
      const page = readFileSync(join(ROOT, 'docs/diagnostics', `${code}.md`), 'utf8');
      expect(page.startsWith(`# ${code}: ${title}\n`), code).to.equal(true);
    }
  });
});
