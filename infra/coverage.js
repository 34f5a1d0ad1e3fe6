// Runs the command behind `--` under c8 with the thresholds of .c8rc.json: node infra/coverage.js -- mocha …
// Files of types alone are never loaded: they would count as code that no test reaches.
import { spawnSync } from 'node:child_process';
import { holdsLogic, sourceFiles } from './source-files.js';

const command = process.argv.slice(process.argv.indexOf('--') + 1);
const types = ['src/**/*.d.ts', ...sourceFiles().filter((source) => !holdsLogic(source))];
const { status } = spawnSync(
  'c8',
  [...types.flatMap((file) => ['--exclude', file]), '--', ...command],
  { stdio: 'inherit' },
);
process.exitCode = status ?? 1;
