import { basename } from 'node:path';
import type { Input } from '../verb.ts';
import { labAndNode } from '../find-lab.ts';
import { listLabs } from '../../lab/list.ts';
import { runInside } from '../run-inside.ts';

export async function run({ words }: Input): Promise<number> {
  const { lab, node } = labAndNode(listLabs(), words);
  return runInside(lab, node, shellArgv(process.env['SHELL'] ?? '/bin/sh', node));
}

/**
 * A prompt that names the node. bash(1) reads its start files after the environment, so there the first prompt sets it;
 * other programs than shells take no notice.
 */
function shellArgv(shell: string, node: string): string[] {
  const prompt = `${node}$ `;
  switch (basename(shell)) {
    case 'bash':
      return ['env', `PROMPT_COMMAND=PS1='${prompt}'; unset PROMPT_COMMAND`, shell];
    case 'sh':
    case 'dash':
      return ['env', `PS1=${prompt}`, shell];
    default:
      return [shell];
  }
}
