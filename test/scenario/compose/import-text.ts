import { readFileSync } from 'node:fs';
import { fail, ok } from '../../../src/base/result.ts';
import { type ComposeImport, importCompose } from '../../../src/scenario/compose/import-compose.ts';
import type { ImportOptions } from '../../../src/scenario/compose/options.ts';

export const FIXTURES = 'test/scenario/compose/fixtures';

/** Nothing of the machine, and no file beside the one given. */
export const BARE: ImportOptions = {
  folder: '/lab',
  outFolder: '/lab',
  environment: {},
  envFiles: [],
  profiles: [],
  readFile: () => fail({ isAbsent: true, message: 'there is none' }),
};

export const importText = (text: string, options: Partial<ImportOptions> = {}): ComposeImport =>
  importCompose({ file: 'compose.yaml', text }, { ...BARE, ...options });

/** A fixture with the files beside it. */
export const importFixture = (file: string, options: Partial<ImportOptions> = {}): ComposeImport =>
  importCompose(
    { file, text: readFileSync(`${FIXTURES}/${file}`, 'utf8') },
    {
      ...BARE,
      environment: { DB_PASSWORD: 'unseen', FROM_ENVIRONMENT: 'open' },
      readFile: (path) => {
        try {
          return ok(readFileSync(`${FIXTURES}/${path}`, 'utf8'));
        } catch {
          return fail({ isAbsent: true, message: 'there is none' });
        }
      },
      ...options,
    },
  );

/** The codes of what was found, each once. */
export const codesOf = ({ diagnostics }: ComposeImport): readonly string[] => [
  ...new Set(diagnostics.map(({ code }) => code)),
];
