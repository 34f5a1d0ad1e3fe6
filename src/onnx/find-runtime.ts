import { createRequire } from 'node:module';
import { join } from 'node:path';
import { Fault } from '../base/fault.ts';

const PACKAGE = 'onnxruntime-node';

/** The main file of npm `onnxruntime-node`: of this package's surroundings, or of the folder that an experiment runs in. */
export function findRuntime(folder: string): string {
  for (const from of [join(folder, 'package.json'), import.meta.url]) {
    try {
      return createRequire(from).resolve(PACKAGE);
    } catch {
      // Not there: the next place may have it.
    }
  }
  throw new Fault('machine', `A condition "model" needs npm "${PACKAGE}", which was not found`, {
    help: `Run "npm install ${PACKAGE} --ignore-scripts" in "${folder}"`,
  });
}
