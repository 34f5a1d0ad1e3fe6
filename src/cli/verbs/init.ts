import { EXIT } from '../../base/fault.ts';
import { FIRST_SCENARIO } from '../first-scenario.ts';
import type { Input } from '../verb.ts';
import { join } from 'node:path';
import { printLine } from '../terminal.ts';
import { writeText } from '../write-text.ts';
import { shellWords } from '../../base/shell-words.ts';

export function run({ words }: Input): Promise<number> {
  const [folder = '.'] = words;
  const file = join(folder, 'scenario.yaml');
  writeText(file, FIRST_SCENARIO, { help: 'Name another folder: runner init DIR' });
  printLine(`${file} is written; run it: runner apply ${shellWords([file])}`);
  return Promise.resolve(EXIT.ok);
}
