import { spawnSync } from 'node:child_process';
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { expect } from 'chai';

const TALLY = join(import.meta.dirname, '../../infra/tally.js');

interface Suite {
  readonly passed: number;
  readonly failed: readonly string[];
  readonly skipped: readonly string[];
  /** Milliseconds. */
  readonly files: Readonly<Record<string, number>>;
}

describe('infra/tally.js', () => {
  const folder = mkdtempSync(join(tmpdir(), 'tally-'));
  after(() => rmSync(folder, { recursive: true }));

  const rows: [string, (Suite | undefined)[], { ci: boolean }, string, number][] = [
    [
      'adds suites up',
      [
        { passed: 3, failed: [], skipped: [], files: {} },
        { passed: 4, failed: [], skipped: [], files: {} },
      ],
      { ci: true },
      '7 passed, 0 failed',
      0,
    ],
    [
      'fails when tests failed, and says which at its end',
      [{ passed: 3, failed: ['b', 'c'], skipped: [], files: {} }],
      { ci: false },
      '2 failed:\n  b\n  c\n3 passed, 2 failed',
      1,
    ],
    [
      'lets a skipped test be elsewhere',
      [{ passed: 3, failed: [], skipped: ['a'], files: {} }],
      { ci: false },
      '3 passed, 0 failed',
      0,
    ],
    [
      'counts a skipped test as failed on CI',
      [{ passed: 3, failed: [], skipped: ['a', 'b'], files: {} }],
      { ci: true },
      'b: skipped, which is a failure on CI\n3 passed, 2 failed',
      1,
    ],
    [
      'names the files that took longest',
      [
        { passed: 1, failed: [], skipped: [], files: { 'a.test.ts': 900, 'b.test.ts': 71_000 } },
        { passed: 1, failed: [], skipped: [], files: { 'c.test.ts': 4000 } },
      ],
      { ci: true },
      '3 longest:\n  71 s b.test.ts\n  4 s c.test.ts\n  1 s a.test.ts\n2 passed, 0 failed',
      0,
    ],
    [
      'counts a suite that broke off as failed',
      [{ passed: 3, failed: [], skipped: [], files: {} }, undefined],
      { ci: false },
      'the suite broke off before its end\n3 passed, 1 failed',
      1,
    ],
  ];
  for (const [title, suites, { ci }, end, code] of rows)
    it(title, () => {
      const files = suites.map((suite, index) => {
        const file = join(folder, `${title}-${index}.json`);
        if (suite) writeFileSync(file, JSON.stringify(suite));
        return file;
      });
      const env = { ...process.env, CI: String(ci) };
      const result = spawnSync(process.execPath, [TALLY, ...files], { encoding: 'utf8', env });
      expect(result.stdout.slice(-end.length - 1)).to.equal(`${end}\n`);
      expect(result.status).to.equal(code);
    });
});
