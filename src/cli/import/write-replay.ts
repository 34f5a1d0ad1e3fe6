import { basename } from 'node:path';
import { Fault } from '../../base/fault.ts';
import type { ReplayScript } from '../../scenario/replay/replay-script.ts';
import { replayScenario } from '../../scenario/replay/write/replay-scenario.ts';
import { LIMITS } from '../../scenario/source/limits.ts';
import type { Input } from '../verb.ts';
import { tell } from '../terminal.ts';
import { writeScenario } from './write-scenario.ts';

/** The exit code; what was left out goes to standard error as well as into the scenario. */
export function writeReplay(input: Input, file: string, script: ReplayScript): number {
  const name = file === '-' ? 'standard input' : basename(file);
  const text = replayScenario({ file: name, script });
  const size = Buffer.byteLength(text);
  if (size > LIMITS.fileBytes)
    throw new Fault(
      'usage',
      `The scenario would be too large: expected at most ${LIMITS.fileBytes} bytes, found ${size}`,
      {
        help:
          'Choose conversations with --flow, leave their bytes out with --random all, ' +
          `or let a scenario of yours play the file itself: replay: { file: ${name} }`,
      },
    );
  for (const note of script.notes) tell(`note: ${note}`);
  return writeScenario(input, text);
}
