// Each file of src/ that holds logic has its test under test/ (or test/lab/) with the same path, or is listed in
// test/covered-elsewhere.json with the test that covers it and why. Types alone and index files need none.
import { existsSync, readFileSync } from 'node:fs';
import { basename, join } from 'node:path';
import { holdsLogic, sourceFiles } from './source-files.js';

const LIST = 'test/covered-elsewhere.json';
const elsewhere = existsSync(LIST) ? JSON.parse(readFileSync(LIST, 'utf8')) : {};
const sources = sourceFiles();

const untested = sources.filter((source) => !isTested(source));
if (untested.length > 0)
  console.error(
    `expected a test of the same path under test/ or test/lab/, or an entry in "${LIST}", for each of these ` +
      `${untested.length}:\n  ${untested.join('\n  ')}`,
  );
const faults = Object.entries(elsewhere).flatMap(checkEntry);
for (const fault of faults) console.error(fault);
process.exitCode = untested.length + faults.length === 0 ? 0 : 1;

function isTested(source) {
  if (mirrors(source).some(existsSync) || entriesFor(source).length > 0) return true;
  return basename(source) === 'index.ts' || !holdsLogic(source);
}

/** An entry is `"src/x.ts"` or `"src/folder/"`: `{ "tests": ["test/…"], "why": "…" }`. */
function checkEntry([path, { tests, why }]) {
  const covered = sources.filter((source) => entriesFor(source).includes(path));
  if (covered.length === 0) return [`${LIST}: "${path}" names no file of src/`];
  const own = covered.filter((source) => mirrors(source).some(existsSync));
  if (!path.endsWith('/') && own.length > 0) return [`${LIST}: "${path}" has a test of its own`];
  const lost = tests.filter((test) => !existsSync(test));
  if (lost.length > 0) return [`${LIST}: "${path}" names tests that are not there: ${lost}`];
  return tests.length > 0 && why ? [] : [`${LIST}: "${path}" needs tests and a reason`];
}

function entriesFor(source) {
  return Object.keys(elsewhere).filter(
    (path) => path === source || (path.endsWith('/') && source.startsWith(path)),
  );
}

function mirrors(source) {
  const path = source.replace(/^src\//, '').replace(/\.ts$/, '.test.ts');
  return [join('test', path), join('test/lab', path)];
}
