// The variables of environment files, behind those that are there already.
import type { Span } from '../../base/diagnostic.ts';
import type { Faults } from '../faults.ts';
import { readEnvironmentFile } from './environment-file.ts';
import type { ImportOptions } from './options.ts';
import { pathIn } from './paths.ts';
import { type Variables, withFile } from './variables.ts';

export interface EnvironmentFiles {
  /** Of which the later win; undefined: `.env` of the folder, if there is one. */
  readonly named: readonly string[] | undefined;
  readonly folder: string;
  /** Where they are named; undefined for the command line. */
  readonly span: Span | undefined;
}

/** `texts` learns the text of each file that is read. */
export function withEnvironmentFiles(
  outer: Variables,
  { named, folder, span }: EnvironmentFiles,
  readFile: ImportOptions['readFile'],
  texts: Map<string, string>,
  faults: Faults,
): Variables {
  const own = new Map<string, string | undefined>();
  const sensitive = new Map<string, readonly string[]>();
  for (const file of named ?? [pathIn(folder, '.env')]) {
    const start = { file, line: 1, column: 1, length: 1 };
    const read = readFile(file);
    if (!read.ok) {
      if (named !== undefined || !read.error.isAbsent)
        faults.add('C004', span ?? start, `Cannot read "${file}": ${read.error.message}`);
      continue;
    }
    texts.set(file, read.value);
    const before = withFile(outer, new Map(own), new Map(sensitive));
    const found = readEnvironmentFile(read.value, before);
    for (const { line, message } of found.faults)
      faults.add('C013', { ...start, line }, message, { severity: 'warning' });
    for (const [name, value] of found.variables) own.set(name, value);
    for (const [name, names] of found.sensitive) sensitive.set(name, names);
  }
  return withFile(outer, own, sensitive);
}
