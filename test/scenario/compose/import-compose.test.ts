import { readdirSync } from 'node:fs';
import { expect } from 'chai';
import fc from 'fast-check';
import { stringify } from 'yaml';
import { fail } from '../../../src/base/result.ts';
import { compile } from '../../../src/scenario/compile.ts';
import { CODES } from '../../../src/scenario/codes.ts';
import { COMPOSE_CODES } from '../../../src/scenario/compose/codes.ts';
import { importCompose } from '../../../src/scenario/compose/import-compose.ts';
import { renderDiagnostics } from '../../../src/scenario/render-diagnostics.ts';
import { expectGolden } from '../../golden/expect-golden.ts';
import { BARE, FIXTURES, codesOf, importFixture, importText } from './import-text.ts';

const yamlFiles = (folder: string): string[] =>
  readdirSync(`${FIXTURES}/${folder}`)
    .filter((name) => name.endsWith('.yaml'))
    .map((name) => (folder === '' ? name : `${folder}/${name}`));

/** What the compiler has against a scenario. */
const faultsOf = (text: string): readonly string[] =>
  compile({ file: 'scenario.yaml', text }, { readFile: () => fail('there is none') })
    .diagnostics.filter(({ severity }) => severity === 'error')
    .map(({ code, message, span }) => `${code} ${span.line}: ${message}`);

describe('importCompose()', () => {
  const shown = new Set<string>();

  for (const file of [...yamlFiles(''), ...yamlFiles('bad')])
    it(`turns ${file} into what its golden files say`, () => {
      const imported = importFixture(file);
      for (const code of codesOf(imported)) {
        shown.add(code);
        expect({ ...CODES, ...COMPOSE_CODES }).to.have.property(code);
      }
      const base = `${FIXTURES}/${file.replace(/\.yaml$/, '')}`;
      const rendered = renderDiagnostics(imported.diagnostics, imported.files, { color: false });
      expectGolden(`${base}.diagnostics.txt`, rendered);
      expect(imported.text === undefined).to.equal(file.startsWith('bad/'));
      if (imported.text === undefined) return;
      expectGolden(`${base}.scenario.txt`, imported.text);
      expect(faultsOf(imported.text)).to.deep.equal([]);
    });

  it('shows every code of its own', () => {
    expect(Object.keys(COMPOSE_CODES).filter((code) => !shown.has(code))).to.deep.equal([]);
  });

  it('takes in the services of a profile, or of all', () => {
    expect(importFixture('profiles.yaml', { profiles: ['test'] }).text).to.match(/^ {2}test: /m);
    const all = importFixture('profiles.yaml', { profiles: ['*'] });
    expect(all.text).to.match(/^ {2}debug: /m);
    expect(all.diagnostics).to.deep.equal([]);
  });

  it('writes paths as they hold from the folder of the scenario', () => {
    const text = 'services: { a: { image: a, volumes: ["./x:/x", "../y:/y", "/z:/z"] } }';
    const inside = importText(text, { outFolder: '/lab/scenarios' }).text;
    expect(inside).to.contain('[../x:/x, ../../y:/y, /z:/z]');
  });

  it('prefers the environment to .env, and named files to .env', () => {
    const environment = { TAG: 'own', DB_PASSWORD: '' };
    expect(importFixture('include.yaml', { environment }).text).to.contain('cache:own');
    expect(importFixture('include.yaml', { envFiles: ['parts/.env'] }).text).to.contain('db:parts');
  });

  it('replaces by !override and takes away by !reset what another file has', () => {
    const { text } = importCompose(
      {
        file: 'a.yaml',
        text: 'services: { a: { image: a, cap_add: [CHOWN], environment: { A: 1 }, user: me } }',
        over: [
          {
            file: 'b.yaml',
            text: 'services: { a: { cap_add: !override [KILL], environment: !override { B: 2 }, user: !reset null } }',
          },
        ],
      },
      BARE,
    );
    expect(text).to.contain('add: [KILL]').and.to.contain('environment: { B: "2" }');
    expect(text).not.to.contain('user');
  });

  it('keeps the digits of large numbers', () =>
    expect(
      importText('services: { a: { image: a, environment: { N: 12345678901234567890 } } }').text,
    ).to.contain('"12345678901234567890"'));

  it('misses no environment file that is named', () => {
    expect(codesOf(importFixture('include.yaml', { envFiles: ['no.env'] }))).to.contain('C004');
  });

  it('never puts a password of the environment into the scenario', () => {
    expect(importFixture('interpolation.yaml').text).not.to.contain('unseen');
  });

  it('bounds files that include each other twice over', () => {
    const include = (path: string): string =>
      `include: [x${path}, y${path}]\nservices: { a: { image: a } }`;
    let reads = 0;
    const imported = importText(include('1'), {
      readFile: (path) => {
        if (path.endsWith('.env')) return fail({ isAbsent: true, message: 'none' });
        reads += 1;
        return { ok: true, value: include(`${path.slice(1)}1`) };
      },
    });
    expect(codesOf(imported)).to.contain('C004');
    expect(reads).to.be.lessThan(100);
  });

  it('imports a thousand services in a moment', () => {
    const services = Array.from({ length: 1000 }, (_, index) => `  s${index}: { image: a }\n`);
    const imported = importText(`services:\n${services.join('')}`);
    expect(imported.diagnostics).to.deep.equal([]);
    expect(faultsOf(imported.text ?? '')).to.deep.equal([]);
  });

  it('ends at a chain of services that is too long', () => {
    const services = Array.from(
      { length: 500 },
      (_, index) => `  s${index}: { image: a, extends: s${index + 1} }\n`,
    );
    const imported = importText(`services:\n${services.join('')}  s500: { image: a }\n`);
    expect(codesOf(imported)).to.contain('C002');
  });

  it('never throws, whatever the text', () => {
    fc.assert(
      fc.property(fc.string({ unit: 'binary', maxLength: 200 }), (text) => {
        importText(text);
        importText(`services:\n  a: ${text}`);
      }),
    );
  });

  it('never throws, whatever the values, and compiles what it gives', () => {
    const key = fc.constantFrom(
      ...(
        'image build command entrypoint environment env_file volumes tmpfs configs secrets user hostname cap_add ' +
        'devices security_opt sysctls ulimits mem_limit cpus healthcheck depends_on links networks network_mode ports ' +
        'expose container_name profiles scale deploy extends stop_signal volumes_from pull_policy x-other'
      ).split(' '),
    );
    const scalar = fc.oneof(
      fc.constantFrom(
        'a',
        'b',
        'default',
        './x:/y',
        '80:80',
        '10s',
        '64m',
        'service:a',
        '$',
        '${A:-b}',
        null,
        true,
      ),
      fc.integer({ min: -2, max: 5 }),
      fc.string({ maxLength: 8 }),
    );
    const value = fc.oneof(
      scalar,
      fc.array(scalar, { maxLength: 3 }),
      fc.dictionary(
        fc.oneof(key, fc.constantFrom('context', 'test', 'source', 'target', 'a')),
        scalar,
        { maxKeys: 3 },
      ),
    );
    const service = fc.dictionary(key, value, { maxKeys: 5 });
    const file = fc.record({
      services: fc.dictionary(fc.constantFrom('a', 'b', 'C_d'), service, { maxKeys: 3 }),
      networks: fc.dictionary(fc.constantFrom('a', 'n'), value, { maxKeys: 2 }),
      volumes: fc.dictionary(fc.constantFrom('a', 'v'), value, { maxKeys: 2 }),
    });
    fc.assert(
      fc.property(file, (written) => {
        const { text } = importText(stringify(written));
        if (text !== undefined) compile({ file: 's', text }, { readFile: () => fail('none') });
      }),
    );
  });
});
