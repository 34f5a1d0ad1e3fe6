import { readdirSync, statSync } from 'node:fs';
import type { Library } from '../scenario/use/find-used.ts';
import { scenariosFolder } from './package-root.ts';

/** Runner's own scenarios, from which censors may be taken. */
export const library = (): Library => ({
  isFile: (path) => statSync(path, { throwIfNoEntry: false })?.isFile() === true,
  folder: scenariosFolder(),
  names: () => scenariosIn(scenariosFolder()),
});

function scenariosIn(folder: string): readonly string[] {
  return readdirSync(folder, { recursive: true, encoding: 'utf8' })
    .filter((name) => name.endsWith('.yaml'))
    .map((name) => name.slice(0, -'.yaml'.length))
    .sort();
}
