import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';

/** A folder for generated scenarios and results, removed when the work is done. */
export async function inScratch<T>(work: (folder: string) => Promise<T>): Promise<T> {
  const folder = mkdtempSync(join(tmpdir(), 'runner-bench-'));
  try {
    return await work(folder);
  } finally {
    rmSync(folder, { recursive: true, force: true });
  }
}

/** Writes a scenario of idle hosts on one network, and gives its path. */
export function writeStar(folder: string, hosts: number): string {
  const names = Array.from({ length: hosts }, (_, index) => `h${index + 1}`);
  const text = [
    'version: 1',
    `name: star-${hosts}`,
    'hosts:',
    ...names.map((name) => `  ${name}: {}`),
    'networks:',
    '  lan:',
    '    subnet: 10.0.0.0/16',
    `    members: [${names.join(', ')}]`,
    '',
  ].join('\n');
  const path = join(folder, `star-${hosts}.yaml`);
  writeFileSync(path, text);
  return path;
}
