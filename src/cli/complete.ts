import { VERBS } from './verbs.ts';
import { candidates } from './candidates.ts';
import { listLabs } from '../lab/list.ts';
import { printLine } from './terminal.ts';

/** Answers a completion script: first what files to offer, then one word a line. `words` ends with the word at the cursor. */
export function printCandidates(words: readonly string[]): void {
  const { words: found, files } = candidates(words, VERBS, { labs: listLabs });
  for (const line of [files, ...found]) printLine(line);
}
