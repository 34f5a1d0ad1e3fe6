// Drives the browser of one node: node agent-visitor.js PLAYWRIGHT. Its end is that of its input.
import { createRequire } from 'node:module';
import { createInterface } from 'node:readline';
import type { BrowserType } from 'playwright-core';
import { browse } from './browse.ts';
import type { VisitOrder } from './protocol.ts';

/** What of the package is used. */
interface Playwright {
  readonly chromium: BrowserType;
}

const { stdin, stdout, stderr } = process;
const write = stdout.write.bind(stdout);
stdout.on('error', () => process.exit(0));
// Only reports go there, whatever a package prints.
stdout.write = stderr.write.bind(stderr);
const file = process.argv[2] ?? '';
const { chromium } = createRequire(import.meta.url)(file) as Playwright;
const lines = createInterface({ input: stdin, crlfDelay: Infinity });
lines.on('line', (line) => {
  // One after the other: the agent waits for each report.
  void browse(JSON.parse(line) as VisitOrder, chromium).then((report) =>
    write(`${JSON.stringify(report)}\n`),
  );
});
lines.on('close', () => process.exit(0));
