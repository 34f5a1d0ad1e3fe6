import { expect } from 'chai';
import { ok, fail } from '../../../src/base/result.ts';
import { isSecretName } from '../../../src/scenario/compose/secrets.ts';
import { codesOf, importText } from './import-text.ts';

const HIDDEN = 'hidden-value';
const environment = { DB_PASSWORD: HIDDEN, GH_TOKEN: HIDDEN, ANY: HIDDEN, TZ: 'UTC' };
const service = (written: string, files: Readonly<Record<string, string>> = {}) =>
  importText(`services:\n  a:\n    image: a:1\n    ${written}\n`, {
    environment,
    readFile: (path) => {
      const text = files[path];
      return text === undefined ? fail({ isAbsent: true, message: 'none' }) : ok(text);
    },
  });

describe('isSecretName()', () => {
  for (const name of [
    ...['DB_PASS', 'PGPASSPHRASE', 'PASSWORD', 'PASSWD', 'DB_PWD', 'CLIENT_SECRET', 'TOKEN'],
    ...['AUTH_KEY', 'SECRET_KEY', 'ACCESS_KEY', 'HTTP_AUTH', 'CREDENTIALS', 'APIKEY', 'DSN'],
  ])
    it(`knows ${name}`, () => expect(isSecretName(name)).to.equal(true));
  for (const name of ['PWD', 'OLDPWD', 'TAG', 'KEYBOARD', 'AUTHOR', 'HOME'])
    it(`lets ${name} be`, () => expect(isSecretName(name)).to.equal(false));
});

describe('importCompose(), secrets', () => {
  for (const [written, variable] of [
    ['environment: { DB: "${DB_PASSWORD}" }', 'DB_PASSWORD'],
    ['environment: ["DB=$DB_PASSWORD"]', 'DB_PASSWORD'],
    ['environment: { DB: "${DB_PASSWORD:?needed}" }', 'DB_PASSWORD'],
    ['environment: { DB: "${GH_TOKEN:-}" }', 'GH_TOKEN'],
    ['environment: { DB: "${ANY-}" }', 'ANY'],
    ['environment: { DB: "${NONE:-${GH_TOKEN}}" }', 'GH_TOKEN'],
    ['environment: [GH_TOKEN]', 'GH_TOKEN'],
  ] as const)
    it(`reads ${written} from the environment`, () => {
      const { text } = service(written);
      expect(text).to.contain(`{ secret: { env: ${variable} } }`).and.not.to.contain(HIDDEN);
    });

  for (const written of [
    'environment: { DB_URL: "postgres://u:${DB_PASSWORD}@h/x" }',
    'environment: ["DB_URL=postgres://u:${ANY}@h/x"]',
    'environment: { DB_URL: "${LAUNDERED}" }',
    'command: "x --password=${DB_PASSWORD}"',
    'entrypoint: [x, "${ANY}"]',
    'healthcheck: { test: "x ${GH_TOKEN}" }',
    'build: { context: ., args: { T: "${GH_TOKEN}" } }',
    'build: { context: ., args: [GH_TOKEN] }',
    'env_file: app.env',
    'hostname: ${GH_TOKEN}',
  ])
    it(`warns of ${written}, and does not show it`, () => {
      const imported = service(written, {
        '.env': 'LAUNDERED=<${DB_PASSWORD}>',
        'app.env': 'URL=x:${DB_PASSWORD}',
      });
      expect(codesOf(imported)).to.contain('C029');
      for (const { code, message } of imported.diagnostics)
        if (code === 'C029') expect(message).not.to.contain(HIDDEN);
    });

  it('keeps what extends and merges have brought', () => {
    const { text } = importText(
      'services: { a: { image: a, extends: b, environment: [X=1] }, b: { image: b, environment: ["T=${GH_TOKEN}"] } }',
      { environment },
    );
    expect(text).not.to.contain(HIDDEN);
  });

  it('takes the value of a variable that is no secret, and leaves out one that is not set', () => {
    const imported = service('environment: [TZ, PGHOST]');
    expect(imported.text).to.contain('environment: { TZ: UTC }');
    expect(codesOf(imported)).to.deep.equal(['C007']);
  });
});
