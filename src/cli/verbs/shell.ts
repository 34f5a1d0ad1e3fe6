import type { Input } from '../verb.ts';
import { labAndNode } from '../find-lab.ts';
import { listLabs } from '../../lab/list.ts';
import { runInside } from '../run-inside.ts';

export async function run({ words }: Input): Promise<number> {
  const { lab, node } = labAndNode(listLabs(), words);
  return runInside(lab, node, [process.env['SHELL'] ?? '/bin/sh']);
}
