// Adds up what tally-reporter.cjs wrote: node infra/tally.js FILE… prints `N passed, N failed` as its last line. A suite
// whose file is missing broke off and counts as one failure; on CI (CI=true) so does every skipped test.
import { existsSync, readFileSync } from 'node:fs';

const suites = process.argv.slice(2).map((file) => {
  if (existsSync(file)) return { file, ...JSON.parse(readFileSync(file, 'utf8')) };
  console.log(`${file}: the suite broke off before its end`);
  return { file, passed: 0, failed: 1, skipped: [] };
});

const total = (count) => suites.reduce((sum, suite) => sum + count(suite), 0);
const skipped = suites.flatMap((suite) => suite.skipped);
const onCi = process.env.CI === 'true';
const failed = total((suite) => suite.failed) + (onCi ? skipped.length : 0);

if (skipped.length > 0) {
  console.log(`${skipped.length} skipped${onCi ? ', which is a failure on CI' : ''}:`);
  for (const title of skipped) console.log(`  ${title}`);
}
console.log(`${total((suite) => suite.passed)} passed, ${failed} failed`);
process.exitCode = failed === 0 ? 0 : 1;
