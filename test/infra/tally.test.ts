import { spawnSync } from 'node:child_process';
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { expect } from 'chai';

const TALLY = join(import.meta.dirname, '../../infra/tally.js');

interface Suite {
  readonly passed: number;
  readonly failed: number;
  readonly skipped: readonly string[];
}

describe('infra/tally.js', () => {
  const folder = mkdtempSync(join(tmpdir(), 'tally-'));
  after(() => rmSync(folder, { recursive: true }));

  const rows: [string, (Suite | undefined)[], { ci: boolean }, string, number][] = [
    [
      'adds suites up',
      [
        { passed: 3, failed: 0, skipped: [] },
        { passed: 4, failed: 0, skipped: [] },
      ],
      { ci: true },
      '7 passed, 0 failed',
      0,
    ],
    [
      'fails when a test failed',
      [{ passed: 3, failed: 1, skipped: [] }],
      { ci: false },
      '3 passed, 1 failed',
      1,
    ],
    [
      'lets a skipped test be elsewhere',
      [{ passed: 3, failed: 0, skipped: ['a'] }],
      { ci: false },
      '3 passed, 0 failed',
      0,
    ],
    [
      'counts a skipped test as failed on CI',
      [{ passed: 3, failed: 0, skipped: ['a', 'b'] }],
      { ci: true },
      '3 passed, 2 failed',
      1,
    ],
    [
      'counts a suite that broke off as failed',
      [{ passed: 3, failed: 0, skipped: [] }, undefined],
      { ci: false },
      '3 passed, 1 failed',
      1,
    ],
  ];
  for (const [title, suites, { ci }, line, code] of rows)
    it(title, () => {
      const files = suites.map((suite, index) => {
        const file = join(folder, `${title}-${index}.json`);
        if (suite) writeFileSync(file, JSON.stringify(suite));
        return file;
      });
      const env = { ...process.env, CI: String(ci) };
      const result = spawnSync(process.execPath, [TALLY, ...files], { encoding: 'utf8', env });
      expect(result.stdout.trimEnd().split('\n').at(-1)).to.equal(line);
      expect(result.status).to.equal(code);
    });
});
