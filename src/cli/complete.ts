import { VERBS } from './verbs.ts';
import { candidates } from './candidates.ts';
import { listLabs } from '../lab/list-labs.ts';
import { printLine } from './terminal.ts';

/** Answers a completion script: first what files to offer, then one word a line. `words` ends with the word at the cursor. */
export async function printCandidates(words: readonly string[]): Promise<void> {
  // A warning would land between the prompt and what is typed.
  const labs = await listLabs(() => undefined);
  const { words: found, files } = candidates(words, VERBS, { labs: () => labs });
  for (const line of [files, ...found]) printLine(line);
}
