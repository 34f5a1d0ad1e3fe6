import { readFileSync, readdirSync } from 'node:fs';
import { join } from 'node:path';
import tsBlankSpace from 'ts-blank-space';

/** Every TypeScript file of src/, declarations of foreign modules left out. */
export function sourceFiles() {
  return readdirSync('src', { recursive: true })
    .filter((file) => file.endsWith('.ts') && !file.endsWith('.d.ts'))
    .map((file) => join('src', file))
    .sort();
}

/** Whether anything of a file is left when its types are erased. */
export function holdsLogic(source) {
  const code = tsBlankSpace(readFileSync(source, 'utf8'))
    .replace(/\/\*[\s\S]*?\*\/|\/\/.*$/gm, '')
    .replace(/export\s*\{\s*\};?/g, '');
  return code.replace(/[\s;]/g, '') !== '';
}
