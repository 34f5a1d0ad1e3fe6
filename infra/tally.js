// Adds up what tally-reporter.cjs wrote: node infra/tally.js FILE… prints `N passed, N failed` as its last line, and
// before it which failed, for a log of which only the end is at hand; and before that which files took longest. A suite whose file is missing broke off and counts as
// one failure; on CI (CI=true) so does every skipped test.
import { existsSync, readFileSync } from 'node:fs';

/** Files that are named. */
const LONGEST = 15;

const suites = process.argv.slice(2).map((file) => {
  if (existsSync(file)) return JSON.parse(readFileSync(file, 'utf8'));
  return {
    passed: 0,
    failed: [`${file}: the suite broke off before its end`],
    skipped: [],
    files: {},
  };
});

const passed = suites.reduce((sum, suite) => sum + suite.passed, 0);
const skipped = suites.flatMap((suite) => suite.skipped);
const longest = suites
  .flatMap((suite) => Object.entries(suite.files))
  .sort(([, one], [, other]) => other - one)
  .slice(0, LONGEST)
  .map(([file, milliseconds]) => `${Math.round(milliseconds / 1000)} s ${file}`);
const onCi = process.env.CI === 'true';
const missed = onCi ? skipped.map((title) => `${title}: skipped, which is a failure on CI`) : [];
const failed = [...suites.flatMap((suite) => suite.failed), ...missed];

const list = (what, titles) => {
  if (titles.length > 0) console.log([`${titles.length} ${what}:`, ...titles].join('\n  '));
};
list('longest', longest);
list('skipped', onCi ? [] : skipped);
list('failed', failed);
console.log(`${passed} passed, ${failed.length} failed`);
process.exitCode = failed.length === 0 ? 0 : 1;
