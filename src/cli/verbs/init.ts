import { EXIT, Fault } from '../../base/fault.ts';
import { mkdirSync, writeFileSync } from 'node:fs';
import { FIRST_SCENARIO } from '../first-scenario.ts';
import type { Input } from '../verb.ts';
import { join } from 'node:path';
import { printLine } from '../terminal.ts';
import { shellWords } from '../../base/shell-words.ts';

export function run({ words }: Input): Promise<number> {
  const [folder = '.'] = words;
  const file = join(folder, 'scenario.yaml');
  try {
    mkdirSync(folder, { recursive: true });
    writeFileSync(file, FIRST_SCENARIO, { flag: 'wx' });
  } catch (cause) {
    const code = cause instanceof Error && 'code' in cause ? cause.code : undefined;
    if (code === 'EEXIST')
      throw new Fault('usage', `"${file}" is there already`, {
        help: 'Name another folder: runner init DIR',
        cause,
      });
    const reason = cause instanceof Error ? cause.message : String(cause);
    throw new Fault('machine', `"${file}" cannot be written: ${reason}`, { cause });
  }
  printLine(`${file} is written; run it: runner apply ${shellWords([file])}`);
  return Promise.resolve(EXIT.ok);
}
