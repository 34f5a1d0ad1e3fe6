import { containerOf, runInside } from '../run-inside.ts';
import { basename } from 'node:path';
import { chosenMachine } from '../there/machine-option.ts';
import type { Input } from '../verb.ts';
import { findLabs } from '../labs.ts';
import { labAndNode } from '../find-lab.ts';
import { partWith } from '../there/part-of.ts';
import { runInContainer } from '../run-in-container.ts';
import { runThere, sameCall } from '../there/run-there.ts';

export async function run(input: Input): Promise<number> {
  const machine = chosenMachine(input);
  if (machine) return runThere(machine, sameCall('shell', input), 'dialogue');
  const { lab, node } = labAndNode(await findLabs(), input.words);
  const part = partWith(lab, node);
  if (part) return runThere(part.machine, ['shell', part.id, node], 'dialogue');
  const container = containerOf(lab, node);
  return container === undefined
    ? runInside(lab, node, shellArgv(process.env['SHELL'] ?? '/bin/sh', node))
    : runInContainer({
        engine: lab.engine,
        container,
        argv: ANY_SHELL,
        environment: promptOf(node),
      });
}

/** The image decides which shells there are, not $SHELL. */
const ANY_SHELL = ['sh', '-c', 'if command -v bash >/dev/null 2>&1; then exec bash; fi; exec sh'];

/** bash(1) reads its start files after the environment, so there the first prompt sets it; sh(1) knows PS1 alone. */
const promptOf = (node: string): Readonly<Record<string, string>> => ({
  PS1: `${node}$ `,
  PROMPT_COMMAND: `PS1='${node}$ '; unset PROMPT_COMMAND`,
});

/** A prompt that names the node, in a shell of the machine; other programs than shells take no notice. */
function shellArgv(shell: string, node: string): string[] {
  const { PS1, PROMPT_COMMAND } = promptOf(node);
  switch (basename(shell)) {
    case 'bash':
      return ['env', `PROMPT_COMMAND=${PROMPT_COMMAND ?? ''}`, shell];
    case 'sh':
    case 'dash':
      return ['env', `PS1=${PS1 ?? ''}`, shell];
    default:
      return [shell];
  }
}
