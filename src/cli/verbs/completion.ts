import { EXIT, Fault } from '../../base/fault.ts';
import { COMPLETION_SCRIPTS } from '../completion-scripts.ts';
import type { Input } from '../verb.ts';
import { print } from '../terminal.ts';

export function run({ words }: Input): Promise<number> {
  const [shell = ''] = words;
  if (shell !== 'bash' && shell !== 'zsh' && shell !== 'fish')
    throw new Fault('usage', `Expected bash, zsh or fish, found "${shell}"`);
  print(COMPLETION_SCRIPTS[shell]);
  return Promise.resolve(EXIT.ok);
}
